package deployctl.support.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
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

  private static String stat(String state, int threads) {
    return "4711 (java (x) Z) "
        + state
        + " 1 4711 4711 0 -1 4227084 2923 6551 3 0 4 1 3 1 20 0 "
        + threads
        + " 0 1107038 0 0";
  }

  /** Its locks are held until its last thread has ended, which a loaded machine makes visible. */
  @Test
  void aProcessThatIsEndingHasNotEndedWhileAThreadIsLeft() {
    assertEquals(1_107_038L, ProcessIdentity.startIn(stat("S", 12)));
    assertEquals(1_107_038L, ProcessIdentity.startIn(stat("Z", 2)));
    assertNull(ProcessIdentity.startIn(stat("Z", 1)));
    assertNull(ProcessIdentity.startIn(stat("X", 1)));
  }
}
