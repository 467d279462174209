package deployctl.testing;

import deployctl.support.json.Json;
import deployctl.support.json.JsonException;
import deployctl.support.json.JsonObject;

/** What a run of the program gave. */
public record CliRun(int exit, String out, String err) {

  public JsonObject json() {
    try {
      return Json.parseObject(out);
    } catch (JsonException e) {
      throw new AssertionError("stdout is no JSON object: " + e.getMessage() + "\n" + this, e);
    }
  }

  /** Return the last line of stderr, where an error stands. */
  public String lastError() {
    return err.lines().reduce((first, second) -> second).orElse("");
  }

  @Override
  public String toString() {
    return "exit " + exit + "\n--- stdout\n" + out + "\n--- stderr\n" + err;
  }
}
