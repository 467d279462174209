package deployctl.monitor.view;

import deployctl.cli.Console;
import deployctl.cli.GithubActions;
import deployctl.monitor.watch.MonitorListener;
import deployctl.support.env.Env;
import deployctl.support.time.Time;
import java.util.Optional;

/** Chooses how a monitor shows what it sees: to a program, a CI job, a terminal, or a pipe. */
public final class MonitorViews {
  private final Console console;
  private final GithubActions github;
  private final Env env;
  private final Time time;

  /** Make it. */
  public MonitorViews(Console console, GithubActions github, Env env, Time time) {
    this.console = console;
    this.github = github;
    this.env = env;
    this.time = time;
  }

  /** Return the view that fits where stdout goes; {@code log} says what a JSON line holds. */
  public MonitorListener screen(MonitorLog log) {
    if (console.json()) {
      return new JsonView(console, log);
    }
    if ("true".equals(env.get("GITHUB_ACTIONS"))) {
      return new GithubView(console, github);
    }
    if (console.terminal().output()) {
      Optional<LiveView> live = LiveView.open(console, console.colourful(), time);
      if (live.isPresent()) {
        return live.get();
      }
    }
    return new PlainView(console);
  }
}
