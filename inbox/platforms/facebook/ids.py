"""Facebook's ids: `page_post` for a post, `post_comment` for a comment, and each of them also without what stands in front."""


def tail(external_id: str) -> str:
    return external_id.rpartition("_")[2]


def full_id(external_id: str, post_id: str) -> str:
    """A comment's id with its post in front: Graph gives it with and without."""
    if not external_id or not post_id or "_" in external_id:
        return external_id
    return f"{tail(post_id)}_{external_id}"
