"""Built files: packed for who can unpack them, the same content for who cannot, kept for ever under a hashed name."""

import gzip

from app.views.assets import read_manifest
from tests.integration.conftest import Site


def test_a_built_file_comes_packed_or_plain(empty_site: Site) -> None:
    client, path = empty_site.app.test_client(), f"/static/dist/{read_manifest()['app.css']}"
    packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert (packed.headers["Content-Encoding"], plain.headers.get("Content-Encoding")) == ("gzip", None)
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 3 < len(plain.data)
    for answer in (packed, plain):
        assert answer.mimetype == "text/css"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "immutable" in answer.headers["Cache-Control"]
        answer.close()


def test_nothing_outside_the_folder_is_served(empty_site: Site) -> None:
    client = empty_site.app.test_client()
    for path in (
        "/static/../config.py",
        "/static/dist/../../config.py",
        "/static/dist/nothing.css",
        "/static/%2e%2e/assets.py",
    ):
        assert client.get(path).status_code == 404, path
