package deployctl.notify.message;

import deployctl.support.json.JsonObject;
import java.util.List;

/**
 * A message as it is posted.
 *
 * @param text the words for notifications, and all there is without blocks
 * @param blocks Block Kit; empty for none
 */
public record MessageBody(String text, List<JsonObject> blocks) {}
