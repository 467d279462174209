package deployctl.retryqueue;

import deployctl.support.file.LocalFile;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What makes cron or systemd work the queue off: every five minutes what waits, every week a
 * message that shows that messages arrive, and the list of dead letters.
 *
 * @param program the launcher, absolute
 * @param folder the folder that relative settings count from, absolute
 * @param queue the queue's place, absolute
 */
record Schedule(String program, String folder, String queue) {
  private static final String ENVIRONMENT = "/etc/deployctl/environment";

  /** Return the schedule for this installation and this folder. */
  static Schedule here(String queue) {
    String home = System.getProperty("deployctl.home");
    String program = home == null ? "/usr/local/bin/deployctl" : home + "/bin/deployctl";
    return new Schedule(
        LocalFile.of(program).absoluteName(),
        LocalFile.of("").absoluteName(),
        LocalFile.of(queue).absoluteName());
  }

  /** Return lines for a crontab (crontab(5)). */
  String crontab() {
    String run =
        "cd %s && { [ ! -r %s ] || { set -a; . %s; set +a; }; } && %s --queue-dir %s -q "
            .formatted(shell(folder), ENVIRONMENT, ENVIRONMENT, shell(program), shell(queue))
            // A percent sign ends the command in a crontab.
            .replace("%", "\\%");
    return """
        # SLACK_BOT_TOKEN and the like: lines such as NAME=value in %1$s, readable by the owner alone.
        */5 * * * * %2$sretry-queue process >/dev/null
        17 7 * * 1 %2$sretry-queue dead-letters list
        18 7 * * 1 %2$snotify test >/dev/null
        """
        .formatted(ENVIRONMENT, run);
  }

  /** Return systemd's units by their file names (systemd.service(5), systemd.timer(5)). */
  Map<String, String> units() {
    Map<String, String> units = new LinkedHashMap<>();
    units.put(
        "deployctl-retry-queue.service",
        service("Send what waits for Slack", "ExecStart=" + call("retry-queue process")));
    units.put(
        "deployctl-retry-queue.timer",
        timer("Send what waits for Slack every five minutes", "*:0/5"));
    units.put(
        "deployctl-slack-check.service",
        service(
            "See whether Slack takes messages",
            "ExecStartPre="
                + call("retry-queue dead-letters list")
                + "\nExecStart="
                + call("notify test")));
    units.put(
        "deployctl-slack-check.timer",
        timer("See every week whether Slack takes messages", "Mon 07:17"));
    return units;
  }

  private String service(String description, String commands) {
    return """
        [Unit]
        Description=%s
        Wants=network-online.target
        After=network-online.target

        [Service]
        Type=oneshot
        WorkingDirectory=%s
        EnvironmentFile=-%s
        %s
        """
        .formatted(description, unit(folder), ENVIRONMENT, commands);
  }

  private String call(String command) {
    return quoted(program) + " --queue-dir " + quoted(queue) + " -q " + command;
  }

  private static String timer(String description, String when) {
    return """
        [Unit]
        Description=%s

        [Timer]
        OnCalendar=%s
        Persistent=true
        RandomizedDelaySec=20

        [Install]
        WantedBy=timers.target
        """
        .formatted(description, when);
  }

  private static String quoted(String path) {
    // A dollar sign begins a variable in a command.
    return "\"" + unit(path).replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$") + "\"";
  }

  /** A percent sign begins a specifier in a unit. */
  private static String unit(String text) {
    return text.replace("%", "%%");
  }

  private static String shell(String path) {
    return "'" + path.replace("'", "'\\''") + "'";
  }
}
