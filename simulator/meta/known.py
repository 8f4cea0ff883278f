"""Fields that a kind of node has on the platform and that are never filled here: asking for them is no mistake."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


FACEBOOK_PAGE = _names(
    """about bio business can_post checkins cover current_location description description_html display_subtext emails
    engagement features general_info global_brand_page_name global_brand_root_id hours is_owned is_permanently_closed
    is_unclaimed is_verified location messaging_feature_status mission new_like_count owner_business parent_page phone
    price_range privacy_info_url products promotion_eligible single_line_address store_number talking_about_count
    temporary_status unread_message_count unread_notif_count website were_here_count whatsapp_number"""
)
FACEBOOK_POST = _names(
    """actions admin_creator allowed_advertising_objectives application attachments backdated_time call_to_action
    child_attachments comments_mirroring_domain coordinates event feed_targeting height icon instagram_eligibility
    is_app_share is_eligible_for_promotion is_expired is_inline_created is_instagram_eligible is_popular is_spherical
    message_tags multi_share_end_card multi_share_optimized parent_id place privacy promotable_id properties
    scheduled_publish_time sponsor_tags story story_tags subscribed target targeting timeline_visibility to via
    video_buying_eligibility width"""
)
FACEBOOK_COMMENT = _names("admin_creator application live_broadcast_timestamp message_tags private_reply_conversation")
INSTAGRAM_ACCOUNT = _names("biography website has_profile_pic is_published legacy_instagram_user_id")
INSTAGRAM_MEDIA = _names(
    """alt_text boost_eligibility_info children copyright_check_information ig_id is_shared_to_feed
    legacy_instagram_media_id video_title view_count"""
)
INSTAGRAM_COMMENT = _names("legacy_instagram_comment_id user")
THREAD = _names("folder former_participants is_owner is_subscribed linked_group name scoped_thread_key")
MESSAGE = _names("shares reactions thread_id")
PERSON = _names("picture short_name name_format middle_name link locale birthday age_range")
