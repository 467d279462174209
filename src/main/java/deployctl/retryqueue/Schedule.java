package deployctl.retryqueue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What makes cron or systemd work the queue off: every five minutes what waits, every week a
 * message that shows that messages arrive, and the list of dead letters.
 *
 * @param program the launcher, absolute
 * @param folder the folder that relative settings count from, absolute
 * @param queue the queue's folder, absolute
 */
record Schedule(Path program, Path folder, Path queue) {
  private static final String ENVIRONMENT = "/etc/deployctl/environment";

  /** Return the schedule for this installation and this folder. */
  static Schedule here(Path queue) {
    String home = System.getProperty("deployctl.home");
    Path program =
        home == null ? Path.of("/usr/local/bin/deployctl") : Path.of(home, "bin/deployctl");
    return new Schedule(
        program.toAbsolutePath(), Path.of("").toAbsolutePath(), queue.toAbsolutePath().normalize());
  }

  /** Return lines for a crontab (crontab(5)). */
  String crontab() {
    String run =
        "cd "
            + shell(folder)
            + " && { [ ! -r "
            + ENVIRONMENT
            + " ] || { set -a; . "
            + ENVIRONMENT
            + "; set +a; }; } && "
            + shell(program)
            + " --queue-dir "
            + shell(queue)
            + " -q ";
    // A percent sign ends the command in a crontab.
    String line = run.replace("%", "\\%");
    return "# SLACK_BOT_TOKEN and the like: lines such as NAME=value in "
        + ENVIRONMENT
        + ", readable by the owner alone.\n"
        + "*/5 * * * * "
        + line
        + "retry-queue process >/dev/null\n"
        + "17 7 * * 1 "
        + line
        + "retry-queue dead-letters list\n"
        + "18 7 * * 1 "
        + line
        + "notify test >/dev/null\n";
  }

  /** Return systemd's units by their file names (systemd.service(5), systemd.timer(5)). */
  Map<String, String> units() {
    Map<String, String> units = new LinkedHashMap<>();
    units.put(
        "deployctl-retry-queue.service",
        service("Send what waits for Slack", "retry-queue process", ""));
    units.put(
        "deployctl-retry-queue.timer",
        timer("Send what waits for Slack every five minutes", "*:0/5"));
    units.put(
        "deployctl-slack-check.service",
        service(
            "See whether Slack takes messages", "notify test", "retry-queue dead-letters list"));
    units.put(
        "deployctl-slack-check.timer",
        timer("See every week whether Slack takes messages", "Mon 07:17"));
    return units;
  }

  private String service(String description, String command, String before) {
    return "[Unit]\nDescription="
        + description
        + "\nWants=network-online.target\nAfter=network-online.target\n\n[Service]\nType=oneshot\n"
        + "WorkingDirectory="
        + unit(folder.toString())
        + "\nEnvironmentFile=-"
        + ENVIRONMENT
        + "\n"
        + (before.isEmpty() ? "" : "ExecStartPre=" + call(before) + "\n")
        + "ExecStart="
        + call(command)
        + "\n";
  }

  private String call(String command) {
    return quoted(program) + " --queue-dir " + quoted(queue) + " -q " + command;
  }

  private static String timer(String description, String when) {
    return "[Unit]\nDescription="
        + description
        + "\n\n[Timer]\nOnCalendar="
        + when
        + "\nPersistent=true\nRandomizedDelaySec=20\n\n[Install]\nWantedBy=timers.target\n";
  }

  private static String quoted(Path path) {
    // A dollar sign begins a variable in a command.
    return "\""
        + unit(path.toString()).replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$")
        + "\"";
  }

  /** A percent sign begins a specifier in a unit. */
  private static String unit(String text) {
    return text.replace("%", "%%");
  }

  private static String shell(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }
}
