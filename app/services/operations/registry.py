"""What each operation of the closed registry does; the names are the engine's signatures."""

from collections.abc import Mapping
from types import MappingProxyType

from app.services.operations import (
    filings,
    host_appointments,
    host_decisions,
    rank_applications,
    rank_reviews,
    recruitments,
)
from app.services.operations.applications import (
    accept_application,
    answer_appointment,
    check_withdrawal,
    lapse_application,
    reject_application,
    release_application,
    return_application,
    submit_application,
)
from app.services.operations.bookings import book_expense
from app.services.operations.budgets import check_budget, confirm_budget
from app.services.operations.call import Implementation
from app.services.operations.entries import check_entry, record_entry
from app.services.operations.expenses import check_expense
from app.services.operations.file_facts import read_facts
from app.services.operations.funds import release_funds, reserve_funds, void_signatures
from app.services.operations.notices import (
    close_notice,
    draft_notice,
    post_notice,
    read_notice,
    take_down_notices,
)
from app.services.operations.objections import (
    close_objection,
    find_deciders,
    keep_handler,
    open_objection,
    settle_objection,
)
from app.services.operations.post_changes import change_posts, check_post_change
from app.services.operations.reversals import book_reversal, check_reversal
from app.services.operations.rounds import (
    call_off_round,
    check_scrutineers,
    count_applications,
    end_round,
    list_candidates,
    open_round,
    read_round_dates,
    record_results,
    settle_few_applications,
)
from app.services.operations.sanctions import check_sanction, record_sanction
from app.services.operations.studio_changes import change_studio_posts, check_studio_change

IMPLEMENTATIONS: Mapping[str, Implementation] = MappingProxyType(
    {
        "check_expense": check_expense,
        "reserve_funds": reserve_funds,
        "release_funds": release_funds,
        "void_signatures": void_signatures,
        "book_expense": book_expense,
        "check_budget": check_budget,
        "confirm_budget": confirm_budget,
        "check_reversal": check_reversal,
        "book_reversal": book_reversal,
        "read_facts": read_facts,
        "check_entry": check_entry,
        "record_entry": record_entry,
        "check_sanction": check_sanction,
        "record_sanction": record_sanction,
        "check_studio_change": check_studio_change,
        "change_studio_posts": change_studio_posts,
        "draw_decision_sheet": host_decisions.draw_decision_sheet,
        "settle_order": host_decisions.settle_order,
        "record_hosts": host_decisions.record_hosts,
        "record_members": host_decisions.record_members,
        "note_proposals": host_decisions.note_proposals,
        "record_mentors": host_decisions.record_mentors,
        "list_notice_names": host_appointments.list_notice_names,
        "offer_appointments": host_appointments.offer_appointments,
        "count_answers": host_appointments.count_answers,
        "fill_seats": host_appointments.fill_seats,
        "put_forward": host_appointments.put_forward,
        "appoint": host_appointments.appoint,
        "check_recruitment": recruitments.check_recruitment,
        "join_studio": recruitments.join_studio,
        "check_post_change": check_post_change,
        "change_posts": change_posts,
        "draft_notice": draft_notice,
        "post_notice": post_notice,
        "read_notice": read_notice,
        "close_notice": close_notice,
        "take_down_notices": take_down_notices,
        "open_round": open_round,
        "read_round_dates": read_round_dates,
        "count_applications": count_applications,
        "settle_few_applications": settle_few_applications,
        "list_candidates": list_candidates,
        "check_scrutineers": check_scrutineers,
        "record_results": record_results,
        "end_round": end_round,
        "call_off_round": call_off_round,
        "open_filing_run": filings.open_filing_run,
        "close_filing_run": filings.close_filing_run,
        "check_audit": filings.check_audit,
        "settle_rows": filings.settle_rows,
        "make_effective": filings.make_effective,
        "submit_up": filings.submit_up,
        "withdraw_batch": filings.withdraw_batch,
        "submit_batch": filings.submit_batch,
        "read_batch": filings.read_batch,
        "check_correction": filings.check_correction,
        "resubmit_rows": filings.resubmit_rows,
        "check_reply": filings.check_reply,
        "record_reply": filings.record_reply,
        "check_supplement": filings.check_supplement,
        "file_supplement": filings.file_supplement,
        "check_rank_correction": filings.check_rank_correction,
        "file_rank_correction": filings.file_rank_correction,
        "open_objection": open_objection,
        "keep_handler": keep_handler,
        "find_deciders": find_deciders,
        "settle_objection": settle_objection,
        "close_objection": close_objection,
        "submit_application": submit_application,
        "return_application": return_application,
        "accept_application": accept_application,
        "reject_application": reject_application,
        "lapse_application": lapse_application,
        "check_withdrawal": check_withdrawal,
        "release_application": release_application,
        "answer_appointment": answer_appointment,
        "open_rank_review": rank_reviews.open_rank_review,
        "count_rank_applications": rank_reviews.count_rank_applications,
        "list_rank_names": rank_reviews.list_rank_names,
        "check_rank_list": rank_reviews.check_rank_list,
        "file_list": rank_reviews.file_list,
        "end_rank_review": rank_reviews.end_rank_review,
        "close_rank_review": rank_reviews.close_rank_review,
        "submit_rank_application": rank_applications.submit_rank_application,
        "record_rank_verification": rank_applications.record_rank_verification,
        "lapse_rank_application": rank_applications.lapse_rank_application,
        "record_rank_vote": rank_applications.record_rank_vote,
        "record_rank_determination": rank_applications.record_rank_determination,
        "settle_rank_application": rank_applications.settle_rank_application,
        "record_rank_result": rank_applications.record_rank_result,
        "check_rank_withdrawal": rank_applications.check_rank_withdrawal,
        "release_rank_application": rank_applications.release_rank_application,
    }
)
