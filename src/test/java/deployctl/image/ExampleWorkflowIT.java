package deployctl.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import deployctl.testing.CliRun;
import deployctl.testing.ScriptedAws;
import deployctl.testing.ScriptedSlack;
import deployctl.testing.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The example workflow's shell steps, one after another, as a runner would run them. */
class ExampleWorkflowIT {
  @TempDir Path folder;

  @Test
  @SuppressWarnings("unchecked")
  void itsStepsRun() throws Exception {
    InstalledImage image = InstalledImage.unpack(folder.resolve("image"));
    Path example = image.home().resolve("share/examples/deploy.yml");
    Map<String, Object> workflow =
        (Map<String, Object>)
            new Load(LoadSettings.builder().build()).loadFromString(Files.readString(example));
    Map<String, Object> job =
        (Map<String, Object>) ((Map<String, Object>) workflow.get("jobs")).get("deploy");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path cdk = bin.resolve("npx");
    Files.writeString(cdk, "#!/bin/sh\necho \"cdk: $* for $CORRELATION_ID\"\n");
    Files.setPosixFilePermissions(cdk, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.copy(
        Path.of(System.getProperty("deployctl.image.archive")),
        folder.resolve("deployctl-0.1.0.tar.gz"));
    World world =
        new World(
            Map.of("stack", Map.of("status", "UPDATE_COMPLETE")),
            new deployctl.support.time.SystemTime().now());
    try (ScriptedAws aws = new ScriptedAws(world::serve);
        ScriptedSlack slack = new ScriptedSlack()) {
      Map<String, String> env =
          new HashMap<>(InstalledImage.env(folder.resolve("registry"), aws.url()));
      env.put("HOME", folder.toString());
      env.put("DEPLOYCTL_VERSION", "0.1.0");
      env.put("RUNNER_TEMP", Files.createDirectories(folder.resolve("temp")).toString());
      env.put("GITHUB_PATH", folder.resolve("path").toString());
      env.put("GITHUB_OUTPUT", folder.resolve("output").toString());
      env.put("GITHUB_STEP_SUMMARY", folder.resolve("summary").toString());
      env.put("GITHUB_ACTIONS", "true");
      env.put("CI", "true");
      env.put("SLACK_BOT_TOKEN", "xoxb-test");
      env.put("SLACK_API_URL", slack.url());
      env.put("SLACK_RETRY_QUEUE_DIR", folder.resolve("queue").toString());
      int ran = 0;
      for (Object one : (List<Object>) job.get("steps")) {
        Map<String, Object> step = (Map<String, Object>) one;
        if (step.containsKey("run")) {
          ran++;
          Path path = folder.resolve("path");
          String more = Files.exists(path) ? Files.readString(path).trim() + ":" : "";
          env.put("PATH", more + bin + ":/usr/bin:/bin");
          CliRun run =
              InstalledImage.run(
                  env, folder, List.of("bash", "-e", "-c", String.valueOf(step.get("run"))));
          assertEquals(0, run.exit(), step + "\n" + run);
          if ("Deploy".equals(step.get("name"))) {
            assertTrue(
                run.out().contains("cdk: cdk deploy --require-approval never for 20"), run.out());
          }
        }
      }
      assertEquals(5, ran);
      assertEquals(2, slack.messages().size(), slack.messages().toString());
    }
  }
}
