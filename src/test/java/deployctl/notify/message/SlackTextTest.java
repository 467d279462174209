package deployctl.notify.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SlackTextTest {
  private static final String[] PIECES = {
    "a",
    " ",
    "\n",
    "```",
    "`",
    "&",
    "<",
    ">",
    "é",
    "😀",
    "long word ",
    "<!channel>",
    "|",
    "\u0007",
    "&amp;"
  };

  private static String random(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  /** Q7 for 20,000 random texts: within the limit, nothing split, fences closed, told. */
  @Test
  void aCutKeepsItsPromises() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      String escaped = SlackText.escape(random(random, random.nextInt(400)));
      int most = 60 + random.nextInt(300);
      String cut = SlackText.cut(escaped, most);
      assertTrue(cut.length() <= most, () -> cut.length() + " > " + most);
      if (escaped.length() <= most) {
        assertEquals(escaped, cut);
        continue;
      }
      assertTrue(cut.endsWith("characters left out)"), cut);
      String kept = cut.substring(0, cut.lastIndexOf("\n… ("));
      assertEquals(0, (kept.split("```", -1).length - 1) % 2, () -> "an open fence: " + cut);
      assertFalse(kept.matches("(?s).*&[a-z]*"), () -> "a split entity: " + cut);
      assertFalse(
          !kept.isEmpty() && Character.isHighSurrogate(kept.charAt(kept.length() - 1)), cut);
    }
  }

  @Test
  void theNumberOfCharactersLeftOutIsTrue() {
    String cut = SlackText.cut("x".repeat(500), 100);
    int kept = cut.indexOf('\n');
    assertTrue(cut.contains("(" + (500 - kept) + " characters left out)"), cut);
  }

  @Test
  void aLinkIsNotCutInTheMiddle() {
    String text = "x".repeat(60) + SlackText.link("https://example.org/" + "y".repeat(60), "here");
    assertFalse(SlackText.cut(text, 110).contains("<"));
  }

  @Test
  void nothingOfElsewhereBecomesAControl() {
    assertEquals("&lt;!channel&gt; &amp;amp; a b", SlackText.escape("<!channel> &amp; a\u001bb"));
    assertEquals("```''' rm &lt;x&gt;```", SlackText.code("``` rm <x>", 100));
    assertEquals("a\nb", SlackText.escape("a\r\nb"));
  }

  @Test
  void codeOfAnyLengthStaysOneBlock() {
    Random random = new Random(8);
    for (int round = 0; round < 2_000; round++) {
      String code = SlackText.code(random(random, random.nextInt(300)), 200);
      assertTrue(code.length() <= 200);
      assertTrue(code.startsWith("```") && code.endsWith("```"));
      assertEquals(2, code.split("```", -1).length - 1, code);
    }
  }
}
