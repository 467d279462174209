package deployctl.slack;

import java.util.HashMap;
import java.util.Map;

/**
 * What each of Slack's error codes means for a message.
 *
 * <p>Source: the error tables of {@code chat.postMessage}, {@code chat.update}, {@code
 * conversations.history} and {@code conversations.replies} in Slack's method reference. A code that
 * is not known says that nothing was posted, and may be passing.
 */
final class SlackErrorCodes {
  private static final Map<String, SlackProblem> CODES = new HashMap<>();

  static {
    add(SlackProblem.HOLD_CHANNEL, "ratelimited", "rate_limited", "message_limit_exceeded");
    add(SlackProblem.RETRY, "request_timeout", "team_added_to_org", "external_channel_migrating");
    add(SlackProblem.AMBIGUOUS, "internal_error", "fatal_error", "service_unavailable");
    add(
        SlackProblem.DEAD_MESSAGE,
        "msg_too_long",
        "msg_blocks_too_long",
        "invalid_blocks",
        "invalid_blocks_format",
        "no_text",
        "invalid_arguments",
        "invalid_arg_name",
        "invalid_array_arg",
        "invalid_charset",
        "invalid_form_data",
        "invalid_json",
        "json_not_object",
        "invalid_post_type",
        "missing_post_type",
        "missing_argument",
        "too_many_attachments",
        "too_many_contact_cards",
        "attachment_payload_limit_exceeded",
        "invalid_attachments",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "metadata_must_be_sent_from_app",
        "markdown_text_conflict",
        "slack_connect_file_link_sharing_blocked",
        "slack_connect_blocked_file_type",
        "file_share_limit_reached");
    add(
        SlackProblem.STALE_TARGET,
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "update_failed",
        "thread_not_found",
        "invalid_thread_ts",
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked");
    add(
        SlackProblem.UNUSABLE_CHANNEL,
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "invalid_channel",
        "is_inactive",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "channel_type_not_supported",
        "method_not_supported_for_channel_type",
        "messages_tab_disabled",
        "user_not_found",
        "cannot_dm_bot",
        "team_access_not_granted");
    add(
        SlackProblem.STOP,
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
        "not_allowed_token_type",
        "no_permission",
        "access_denied",
        "accesslimited",
        "ekm_access_denied",
        "org_login_required",
        "two_factor_setup_required",
        "enterprise_is_restricted",
        "team_not_found",
        "method_deprecated",
        "deprecated_endpoint",
        "unknown_method",
        "insecure_request",
        "invalid_token_format");
  }

  private SlackErrorCodes() {}

  private static void add(SlackProblem problem, String... codes) {
    for (String code : codes) {
      CODES.put(code, problem);
    }
  }

  /** Return what {@code code} means; {@link SlackProblem#RETRY} for one that is not known. */
  static SlackProblem problem(String code) {
    return CODES.getOrDefault(code, SlackProblem.RETRY);
  }

  /** Return every code that is known. */
  static Map<String, SlackProblem> all() {
    return Map.copyOf(CODES);
  }
}
