package deployctl.registry;

import deployctl.state.StateLog;
import deployctl.state.StateUnavailable;
import deployctl.support.json.Json;
import deployctl.support.json.JsonMasking;
import deployctl.support.json.JsonObject;
import deployctl.support.time.Time;
import deployctl.support.time.Timestamps;
import java.util.function.Consumer;

/** The journal as lines of JSON in a log, each signed with who changed something, and where. */
public final class StateJournal implements Journal {
  /** The log's name in the registry's folder. */
  public static final String NAME = "journal.jsonl";

  private final StateLog log;
  private final String who;
  private final String host;
  private final Time time;
  private final Consumer<String> warnings;

  /** Make a journal that signs with {@code who} and {@code host}. */
  public StateJournal(StateLog log, String who, String host, Time time, Consumer<String> warnings) {
    this.log = log;
    this.who = who;
    this.host = host;
    this.time = time;
    this.warnings = warnings;
  }

  @Override
  public void record(String command, String what, String result) {
    JsonObject line =
        new JsonObject()
            .put("time", Timestamps.format(time.now()))
            .put("who", who)
            .put("host", host)
            .put("command", command)
            .put("what", what)
            .put("result", result);
    try {
      log.append(Json.write(JsonMasking.object(line)));
    } catch (StateUnavailable e) {
      warnings.accept("The journal: " + e.what());
    }
  }
}
