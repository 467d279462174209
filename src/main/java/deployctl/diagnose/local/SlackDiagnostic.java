package deployctl.diagnose.local;

import deployctl.cli.ProgramSettings;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.CheckRunner;
import deployctl.diagnose.check.DiagnosisRun;
import deployctl.diagnose.check.Diagnostic;
import deployctl.diagnose.check.DiagnosticOption;
import deployctl.diagnose.finding.Finding;
import deployctl.diagnose.finding.FindingCode;
import deployctl.diagnose.finding.Remediation;
import deployctl.notify.Notifier;
import deployctl.notify.message.Notification.TestMessage;
import deployctl.retryqueue.QueueInspection;
import deployctl.slack.Slack;
import deployctl.slack.SlackChannel;
import deployctl.slack.SlackFailure;
import deployctl.slack.SlackIdentity;
import deployctl.slack.SlackProblem;
import deployctl.support.Failure;
import deployctl.support.config.Settings;
import deployctl.support.text.Shell;
import deployctl.support.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** {@code diagnose slack}: whether messages arrive, and what waits. */
public final class SlackDiagnostic implements Diagnostic {
  /** Three runs of the cron line that sends what waits every five minutes. */
  private static final Duration OVERDUE = Duration.ofMinutes(15);

  private static final String NEEDED = "chat:write";

  /** What makes work easier and is not needed. */
  private static final Set<String> WELCOME = Set.of("channels:history", "channels:read");

  private final Supplier<Slack> slack;
  private final Supplier<QueueInspection> queue;
  private final Supplier<Notifier> notifier;
  private final Settings settings;

  /** Make it; each is made at its first use. */
  public SlackDiagnostic(
      Supplier<Slack> slack,
      Supplier<QueueInspection> queue,
      Supplier<Notifier> notifier,
      Settings settings) {
    this.slack = slack;
    this.queue = queue;
    this.notifier = notifier;
    this.settings = settings;
  }

  @Override
  public String name() {
    return "slack";
  }

  @Override
  public String summary() {
    return "Why messages do not arrive.";
  }

  @Override
  public int order() {
    return 6;
  }

  @Override
  public Set<DiagnosticOption> options() {
    return Set.of(DiagnosticOption.SEND_TEST);
  }

  @Override
  public void inspect(DiagnosisRun run) {
    run.subjectRead();
    if (!settings.isOn(ProgramSettings.SLACK_ENABLED)) {
      run.checks().tell("switch", CheckResult.skipped("Slack is switched off (slack.enabled)"));
      return;
    }
    String channel = settings.get(ProgramSettings.SLACK_CHANNEL, null);
    // One after the other in one thread each: the token first, for the channel hangs on it.
    CheckRunner.CheckAnswer<Asked<SlackIdentity>> identity =
        run.checks()
            .ask("identity", () -> Asked.of(() -> slack.get().identity()), this::seenIdentity);
    CheckRunner.CheckAnswer<Asked<SlackChannel>> found =
        run.checks()
            .ask(
                "channel " + channel,
                () -> Asked.of(() -> slack.get().channel(channel)),
                this::seenChannel);
    CheckRunner.CheckAnswer<QueueInspection.Standing> waiting =
        run.checks().ask("retry queue", () -> queue.get().standing(), this::seenQueue);
    boolean works = identity.get().map(answer -> token(run, answer)).orElse(false);
    Optional<Asked<SlackChannel>> answer = found.get();
    if (works) {
      answer.ifPresent(one -> channel(run, channel, one));
    }
    waiting.get().ifPresent(standing -> queue(run, standing));
    if (run.options().sendTest()) {
      sendTest(run, channel);
    }
  }

  /** What Slack answered, or why it did not. */
  private record Asked<T>(Optional<T> value, Optional<SlackFailure> failure) {
    /** Asks Slack. */
    interface Question<T> {
      T ask() throws SlackFailure;
    }

    static <T> Asked<T> of(Question<T> question) {
      try {
        return new Asked<>(Optional.of(question.ask()), Optional.empty());
      } catch (SlackFailure e) {
        return new Asked<>(Optional.empty(), Optional.of(e));
      }
    }

    CheckResult seen(java.util.function.Function<T, CheckResult> assess) {
      return value
          .map(assess)
          .orElseGet(() -> CheckResult.fail(failure.map(SlackFailure::what).orElse("no answer")));
    }
  }

  private CheckResult seenIdentity(Asked<SlackIdentity> asked) {
    return asked.seen(
        found -> {
          Set<String> scopes = found.scopes();
          String who = found.user() + " of " + found.team();
          if (scopes == null) {
            return CheckResult.pass(who + "; Slack does not say which scopes it has");
          }
          if (!scopes.contains(NEEDED)) {
            return CheckResult.fail(who + "; the scope " + NEEDED + " is missing");
          }
          List<String> missing =
              WELCOME.stream().filter(one -> !scopes.contains(one)).sorted().toList();
          return missing.isEmpty()
              ? CheckResult.pass(who)
              : CheckResult.warn(
                  who
                      + "; without "
                      + String.join(", ", missing)
                      + " a message whose answer was lost cannot be looked for");
        });
  }

  private CheckResult seenChannel(Asked<SlackChannel> asked) {
    if (asked.failure().map(f -> f.code().equals("no_token")).orElse(false)) {
      return CheckResult.skipped("without a token it cannot be looked at");
    }
    if (asked.failure().map(f -> f.code().equals("missing_scope")).orElse(false)) {
      return CheckResult.skipped("the token may not look at channels (channels:read)");
    }
    return asked.seen(
        found ->
            CheckResult.of(
                found.member() && !found.archived(),
                "#"
                    + found.name()
                    + (found.archived() ? " is archived" : "")
                    + (found.member() ? ", the bot is in it" : ", the bot is not in it")));
  }

  private CheckResult seenQueue(QueueInspection.Standing standing) {
    if (standing.unreadable() > 0) {
      return CheckResult.fail(
          standing.unreadable() + " messages cannot be read: they are another user's");
    }
    return CheckResult.of(
        standing.dead() == 0,
        standing.queued()
            + " waiting, "
            + standing.due()
            + " due, "
            + standing.dead()
            + " dead letters");
  }

  private boolean token(DiagnosisRun run, Asked<SlackIdentity> asked) {
    SlackFailure failure = asked.failure().orElse(null);
    if (failure != null) {
      run.add(tokenFinding(run, failure));
      // Asked too often is still a token that works.
      return failure.problem() == SlackProblem.HOLD_CHANNEL;
    }
    Set<String> scopes = asked.value().map(SlackIdentity::scopes).orElse(null);
    if (scopes != null && !scopes.contains(NEEDED)) {
      run.add(scopeMissing(run, "Slack: the token has " + String.join(", ", scopes)));
    }
    return true;
  }

  private Finding tokenFinding(DiagnosisRun run, SlackFailure failure) {
    String said = "Slack: " + DiagnosisRun.quoted(failure.what());
    String again = run.own("diagnose slack");
    if (failure.code().equals("no_token")) {
      boolean passing = failure.problem() == SlackProblem.UNREACHABLE;
      return Finding.cause(
          passing ? FindingCode.SLACK_UNREACHABLE : FindingCode.SLACK_TOKEN_MISSING,
          passing ? "The Slack token cannot be fetched now" : "There is no Slack token",
          List.of(DiagnosisRun.quoted(failure.what())),
          "SLACK_BOT_TOKEN",
          Remediation.of(
              "Set SLACK_BOT_TOKEN, or slack.token_secret in deployctl.yml",
              "read -rs SLACK_BOT_TOKEN && export SLACK_BOT_TOKEN",
              again));
    }
    return switch (failure.problem()) {
      case HOLD_CHANNEL -> rateLimited(run, said, failure);
      case UNREACHABLE, NO_ANSWER, AMBIGUOUS, RETRY ->
          Finding.cause(
              FindingCode.SLACK_UNREACHABLE,
              "Slack cannot be reached",
              List.of(said),
              "slack",
              Remediation.of(
                  "Wait; what is to be said is kept on disk and sent later",
                  again,
                  run.own("retry-queue process")));
      case STOP ->
          failure.code().equals("missing_scope")
              ? scopeMissing(run, said)
              : Finding.cause(
                  FindingCode.SLACK_TOKEN_INVALID,
                  "Slack refuses the token (" + failure.code() + ")",
                  List.of(said),
                  "SLACK_BOT_TOKEN",
                  Remediation.of(
                      "Put in a token that is valid: api.slack.com/apps, OAuth & Permissions",
                      "read -rs SLACK_BOT_TOKEN && export SLACK_BOT_TOKEN",
                      again));
      case DEAD_MESSAGE, STALE_TARGET, UNUSABLE_CHANNEL ->
          Finding.cause(
              FindingCode.SLACK_TOKEN_INVALID,
              "Slack refuses the token: " + failure.code(),
              List.of(said),
              "SLACK_BOT_TOKEN",
              Remediation.of("Put in a token that is valid", again));
    };
  }

  private Finding rateLimited(DiagnosisRun run, String said, SlackFailure failure) {
    Duration wait = failure.retryAfter();
    return Finding.cause(
        FindingCode.SLACK_RATE_LIMITED,
        "Slack asks to be left alone" + (wait == null ? "" : " for " + Durations.humane(wait)),
        List.of(said),
        "slack",
        Remediation.of(
            "Wait; the queue obeys by itself and sends what waits then",
            run.own("retry-queue status")));
  }

  private Finding scopeMissing(DiagnosisRun run, String said) {
    return Finding.cause(
        FindingCode.SLACK_SCOPE_MISSING,
        "The token lacks the scope " + NEEDED,
        List.of(said),
        "SLACK_BOT_TOKEN",
        Remediation.of(
            "Add the scope "
                + NEEDED
                + " at api.slack.com/apps, OAuth & Permissions, and install the app again",
            run.own("diagnose slack --send-test")));
  }

  private void channel(DiagnosisRun run, String channel, Asked<SlackChannel> asked) {
    SlackFailure failure = asked.failure().orElse(null);
    String invite = "In Slack: /invite the bot into " + channel;
    if (failure != null) {
      String said = "Slack: " + DiagnosisRun.quoted(failure.what());
      switch (failure.code()) {
        case "channel_not_found", "invalid_channel" -> run.add(noChannel(run, channel, said));
        case "not_in_channel" -> run.add(notIn(run, channel, said, invite));
        case "is_archived" -> run.add(archived(run, channel, said));
        default -> {
          if (failure.problem() == SlackProblem.HOLD_CHANNEL) {
            run.add(rateLimited(run, said, failure));
          }
        }
      }
      return;
    }
    SlackChannel found = asked.value().orElseThrow();
    if (found.archived()) {
      run.add(archived(run, channel, "Slack: #" + found.name() + " is archived"));
    } else if (!found.member()) {
      run.add(notIn(run, channel, "Slack: the bot is no member of #" + found.name(), invite));
    }
  }

  private Finding noChannel(DiagnosisRun run, String channel, String said) {
    return Finding.cause(
        FindingCode.SLACK_CHANNEL_NOT_FOUND,
        "There is no channel " + channel + " that the bot can see",
        List.of(said),
        channel,
        Remediation.of(
            "Check the channel's id (slack.channel, SLACK_CHANNEL); invite the bot when it is private",
            run.own("diagnose slack")));
  }

  private Finding notIn(DiagnosisRun run, String channel, String said, String invite) {
    return Finding.cause(
        FindingCode.SLACK_NOT_IN_CHANNEL,
        "The bot is not in " + channel,
        List.of(said),
        channel,
        Remediation.of(
            invite + ", then send what was given up",
            run.own("retry-queue dead-letters requeue --all"),
            run.own("retry-queue process")));
  }

  private Finding archived(DiagnosisRun run, String channel, String said) {
    return Finding.cause(
        FindingCode.SLACK_CHANNEL_ARCHIVED,
        "The channel " + channel + " is archived",
        List.of(said),
        channel,
        Remediation.of(
            "Take it out of the archive, or set another channel (slack.channel, SLACK_CHANNEL)",
            run.own("diagnose slack")));
  }

  private void queue(DiagnosisRun run, QueueInspection.Standing standing) {
    String folder = queue.get().location();
    if (!standing.held().isEmpty()) {
      run.add(
          Finding.cause(
              FindingCode.SLACK_RATE_LIMITED,
              "Slack asks to be left alone",
              standing.held().entrySet().stream()
                  .map(e -> "queue: " + e.getKey() + " for " + Durations.humane(e.getValue()))
                  .toList(),
              "slack",
              Remediation.of("Wait; the queue obeys by itself", run.own("retry-queue status"))));
    }
    Instant oldest = standing.oldestQueuedAt();
    Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, run.now());
    if (standing.due() > 0 && age.compareTo(OVERDUE) > 0) {
      run.add(overdue(run, standing, age, folder));
    }
    if (standing.dead() > 0) {
      run.add(deadLetters(run, standing, folder));
    }
  }

  private Finding overdue(
      DiagnosisRun run, QueueInspection.Standing standing, Duration age, String folder) {
    return Finding.cause(
            FindingCode.RETRY_QUEUE_OVERDUE,
            standing.due() + " messages are due, the oldest for " + Durations.humane(age),
            List.of(
                "queue "
                    + folder
                    + ": "
                    + standing.queued()
                    + " waiting, "
                    + standing.due()
                    + " due; a processor every five minutes would have tried them"),
            folder,
            Remediation.of(
                    "Send them now, and see that the processor is scheduled",
                    run.own("retry-queue process"),
                    run.own("retry-queue schedule"))
                .automatically(
                    "Send the " + standing.due() + " messages that are due?",
                    () -> queue.get().process()))
        .at(
            run.findings().stream().anyMatch(Finding::problem)
                ? Finding.FindingRole.CONSEQUENCE
                : Finding.FindingRole.CAUSE);
  }

  private Finding deadLetters(DiagnosisRun run, QueueInspection.Standing standing, String folder) {
    List<String> evidence = new ArrayList<>();
    for (Map.Entry<String, Integer> reason : standing.deadReasons().entrySet()) {
      evidence.add(
          "dead letters: " + reason.getValue() + " for " + DiagnosisRun.quoted(reason.getKey()));
    }
    return Finding.cause(
            FindingCode.DEAD_LETTERS_PRESENT,
            standing.dead() + " messages were given up",
            evidence,
            folder,
            Remediation.of(
                "Read them; send again what still matters, then remove the rest",
                run.own("retry-queue dead-letters list"),
                run.own("retry-queue dead-letters requeue --all")
                    + " && "
                    + run.own("retry-queue process"),
                run.own("retry-queue dead-letters purge --all")))
        .at(
            run.findings().stream().anyMatch(Finding::problem)
                ? Finding.FindingRole.CONSEQUENCE
                : Finding.FindingRole.CAUSE);
  }

  private void sendTest(DiagnosisRun run, String channel) {
    try {
      var delivery = notifier.get().send(new TestMessage().at(run.now()).to(channel));
      boolean sent = delivery.outcome() == deployctl.notify.Notifier.NotifyOutcome.SENT;
      run.checks()
          .tell("test message", CheckResult.of(sent, sent ? "sent to " + channel : delivery.why()));
      if (!sent && run.findings().stream().noneMatch(Finding::problem)) {
        String why = delivery.why();
        if (why.contains("not_in_channel")) {
          run.add(
              notIn(
                  run,
                  channel,
                  "Slack: " + DiagnosisRun.quoted(why),
                  "In Slack: /invite the bot into " + channel));
        } else if (why.contains("channel_not_found")) {
          run.add(noChannel(run, channel, "Slack: " + DiagnosisRun.quoted(why)));
        } else if (why.contains("is_archived")) {
          run.add(archived(run, channel, "Slack: " + DiagnosisRun.quoted(why)));
        } else {
          run.add(
              Finding.cause(
                  FindingCode.SLACK_UNREACHABLE,
                  "The test message did not arrive",
                  List.of(DiagnosisRun.quoted(why)),
                  Shell.quote(channel),
                  Remediation.of("Wait, then try again", run.own("diagnose slack --send-test"))));
        }
      }
    } catch (Failure e) {
      run.checks().error("test message", e);
    }
  }
}
