"""Public notices 公示: drafting, posting, changing, proving and ending them, and who may read them."""
