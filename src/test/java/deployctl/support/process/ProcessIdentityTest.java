package deployctl.support.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
  private final ProcessIdentity self = ProcessIdentity.current();

  @Test
  void takesItselfForAlive() {
    assertFalse(self.certainlyDead());
  }

  @Test
  void knowsAReusedPidByItsStart() {
    assertTrue(
        new ProcessIdentity(self.pid(), self.start() - 1, self.bootId(), self.pidNamespace())
            .certainlyDead());
  }

  @Test
  void saysNothingOfAProcessOfAnotherBootWhichMayBeAnotherMachines() {
    assertFalse(
        new ProcessIdentity(self.pid(), self.start(), "another-boot", self.pidNamespace())
            .certainlyDead());
  }

  @Test
  void saysNothingOfWhatItCannotSee() {
    assertFalse(new ProcessIdentity(999_999, 1L, self.bootId(), "pid:[1]").certainlyDead());
    assertFalse(
        new ProcessIdentity(999_999, null, self.bootId(), self.pidNamespace()).certainlyDead());
  }

  @Test
  void knowsAProcessThatHasEnded() throws Exception {
    Process process = new ProcessBuilder("sleep", "30").start();
    String stat =
        java.nio.file.Files.readString(java.nio.file.Path.of("/proc/" + process.pid() + "/stat"));
    long start = Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
    ProcessIdentity other =
        new ProcessIdentity(process.pid(), start, self.bootId(), self.pidNamespace());
    assertFalse(other.certainlyDead());
    process.destroyForcibly().waitFor();
    assertTrue(other.certainlyDead());
  }
}
