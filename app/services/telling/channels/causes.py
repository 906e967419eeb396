"""Why a parcel could not be delivered, in sentences that say how to mend it."""

from app.domain.text import N_
from app.services.telling.channels import Cause

CAUSES: dict[Cause, str] = {
    Cause.UNREACHABLE: N_("连不上发信服务器，请管服务器的人核对地址、端口和网络。"),
    Cause.SIGN_IN: N_("发信服务器不认平台的账号或者加密方式，请管服务器的人核对。"),
    Cause.SENDER: N_("发信服务器不许平台用这个发信地址，请管服务器的人核对。"),
    Cause.NO_CHANNEL: N_("没有设置发信服务器，请管服务器的人设好。"),
    Cause.BUSY: N_("对方服务器说现在不收，请稍后再发。"),
    Cause.ADDRESS: N_("对方服务器不收这个地址，请本人核对邮箱。"),
    Cause.REJECTED: N_("对方服务器退回了这封邮件，请本人换一个邮箱，或者请对方放行。"),
    Cause.FAULT: N_("发送时出了错，已经记录下来，请管服务器的人看日志。"),
}
