package deployctl.retryqueue;

import deployctl.slack.Slack;
import deployctl.slack.SlackPost;
import deployctl.slack.SlackSettings;
import deployctl.slack.SlackWebApi;
import deployctl.state.file.FileStateStore;
import deployctl.state.file.FolderRules;
import deployctl.support.file.DurableWrite;
import deployctl.support.json.JsonObject;
import deployctl.support.time.SystemTime;
import deployctl.testing.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/** A process that works on a queue, for tests that kill it; says on stdout what it has done. */
public final class QueueWorker {
  private QueueWorker() {}

  /** Arguments: mode, folder, and a count or Slack's address. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    switch (args[0]) {
      case "enqueue" -> enqueue(queue(folder, step -> {}), Integer.parseInt(args[2]));
      case "process-naive" -> processWithoutChannelLocks(queue(folder, step -> {}), args[2]);
      default -> {
        DurableWrite.WriteStep last =
            DurableWrite.WriteStep.valueOf(args[0].substring("halt-at-".length()));
        Spool halting =
            queue(
                folder,
                step -> {
                  if (step == last) {
                    Runtime.getRuntime().halt(137);
                  }
                });
        enqueue(halting, 1);
      }
    }
  }

  private static void enqueue(Spool queue, int count) {
    for (int i = 0; i < count; i++) {
      QueuedMessage added =
          queue.add(
              new JsonObject()
                  .put("notification_type", "custom")
                  .put("args", List.of("text " + i))
                  .put("channel", "C" + i % 10)
                  .put("text", "text " + i));
      System.out.println("ok " + added.id() + ";");
    }
  }

  /** What a processor without the protections does: list, send, delete. */
  private static void processWithoutChannelLocks(Spool queue, String url) throws Exception {
    Slack slack =
        new SlackWebApi(
            () -> new SlackSettings(URI.create(url), "xoxb-test", Duration.ofSeconds(5)));
    List<QueuedMessage> all =
        new ArrayList<>(
            queue.waitingIds().stream().map(queue::read).filter(Objects::nonNull).toList());
    all.sort(DeliveryPlan.ORDER);
    for (QueuedMessage message : all) {
      slack.post(
          new SlackPost(
              message.channel("C"), null, false, message.body().text(), null, message.id()));
      queue.remove(message.id());
    }
  }

  static Spool queue(Path folder, DurableWrite.Probe probe) {
    SystemTime time = new SystemTime();
    SplittableRandom random =
        new SplittableRandom(ProcessHandle.current().pid() ^ System.nanoTime());
    return new Spool(
        new FileStateStore(folder, FolderRules.queue(), time, random, probe),
        time,
        random,
        warning -> System.out.println("warning " + warning));
  }

  static JavaProcess start(List<String> before, String mode, Path folder, String argument)
      throws IOException {
    return JavaProcess.start(before, QueueWorker.class, mode, folder.toString(), argument);
  }
}
