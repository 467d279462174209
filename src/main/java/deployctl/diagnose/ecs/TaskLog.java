package deployctl.diagnose.ecs;

import deployctl.aws.EcsTask;
import deployctl.aws.TaskDefinition;
import deployctl.diagnose.check.CheckResult;
import deployctl.diagnose.check.DiagnosisRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last lines of a task's own output, bounded by its start and stop. */
final class TaskLog {
  private static final int SHOWN = 8;

  private TaskLog() {}

  /** What a task wrote last. */
  record Lines(List<String> evidence, boolean wrongArchitecture) {
    static final Lines NONE = new Lines(List.of(), false);
  }

  /** Read the output of the container that failed; nothing when there is none to be had. */
  static Lines of(
      EcsInspection inspection,
      TaskDefinition definition,
      EcsTask task,
      EcsTask.@Nullable TaskContainer failed) {
    TaskDefinition.ContainerDefinition container =
        definition.containers().stream()
            .filter(one -> failed == null ? one.essential() : one.name().equals(failed.name()))
            .findFirst()
            .orElse(null);
    if (container == null || container.logGroup() == null) {
      return Lines.NONE;
    }
    String stream = container.logStream(task);
    if (stream == null) {
      return Lines.NONE;
    }
    String group = container.logGroup();
    List<String> lines =
        inspection
            .ask(
                "task output",
                () ->
                    inspection
                        .run()
                        .cached()
                        .lines(
                            group,
                            stream,
                            task.startedAt() == null ? task.createdAt() : task.startedAt(),
                            task.stoppedAt()),
                found ->
                    found.isEmpty()
                        ? CheckResult.skipped("nothing in " + group + " " + stream)
                        : CheckResult.pass(found.size() + " lines in " + group + " " + stream))
            .get()
            .orElse(List.of());
    List<String> last = lines.subList(Math.max(0, lines.size() - SHOWN), lines.size());
    return new Lines(
        last.stream().map(line -> "log: " + DiagnosisRun.quoted(line)).toList(),
        lines.stream().anyMatch(line -> line.contains("exec format error")));
  }
}
