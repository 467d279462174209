package deployctl.diagnose;

import deployctl.testing.ScriptedSlack;
import java.util.Map;
import java.util.Objects;

/** A Slack as a case describes it: {@code slack: {auth, scopes, channel, ...}}. */
final class DiagnoseSlack {
  private DiagnoseSlack() {}

  static void script(ScriptedSlack slack, Map<String, Object> one) {
    Map<?, ?> wanted = one.get("slack") instanceof Map<?, ?> map ? map : Map.of();
    slack.script(
        call ->
            switch (call.method()) {
              case "auth.test" -> auth(wanted);
              case "conversations.info" -> channel(wanted, call.channel());
              case "chat.postMessage" -> post(wanted);
              default -> ScriptedSlack.accepting();
            });
  }

  private static ScriptedSlack.Reply auth(Map<?, ?> wanted) {
    String error = Objects.toString(wanted.get("auth"), "");
    if (error.equals("ratelimited")) {
      return ScriptedSlack.rateLimited("120");
    }
    if (error.equals("down")) {
      return ScriptedSlack.status(503, "<html>down</html>");
    }
    if (!error.isEmpty()) {
      return ScriptedSlack.error(error);
    }
    String scopes =
        Objects.toString(wanted.get("scopes"), "chat:write,channels:read,channels:history");
    return (exchange, accept) -> {
      if (!scopes.equals("hidden")) {
        exchange.getResponseHeaders().set("x-oauth-scopes", scopes);
      }
      ScriptedSlack.status(200, "{\"ok\":true,\"user\":\"deploybot\",\"team\":\"court\"}")
          .meet(exchange, accept);
    };
  }

  private static ScriptedSlack.Reply channel(Map<?, ?> wanted, String id) {
    String state = Objects.toString(wanted.get("channel"), "member");
    if (!state.equals("member") && !state.equals("archived") && !state.equals("outside")) {
      return ScriptedSlack.error(state);
    }
    return ScriptedSlack.status(
        200,
        "{\"ok\":true,\"channel\":{\"id\":\""
            + id
            + "\",\"name\":\"kiro-updates\",\"is_member\":"
            + !state.equals("outside")
            + ",\"is_archived\":"
            + state.equals("archived")
            + "}}");
  }

  private static ScriptedSlack.Reply post(Map<?, ?> wanted) {
    String error = Objects.toString(wanted.get("post"), "");
    return error.isEmpty() ? ScriptedSlack.accepting() : ScriptedSlack.error(error);
  }
}
