package deployctl.aws.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Takes out of XML answers what XML 1.0 does not allow: one control character in a provider's words
 * would otherwise make the whole answer unreadable, and the parser writes to the process's stderr
 * of bytes that are no text.
 */
final class XmlCleaner implements ExecutionInterceptor {
  private static final Pattern REFERENCE =
      Pattern.compile("&#(?:x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));");
  private static final Pattern RAW = Pattern.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]");

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    return context.responseBody().map(XmlCleaner::clean);
  }

  /** Nearly every answer is as it should be, and need not be copied. */
  private static boolean suspicious(byte[] bytes) {
    boolean ascii = true;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      ascii &= b >= 0;
      boolean control = b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t';
      if (control || b == '&' && i + 1 < bytes.length && bytes[i + 1] == '#') {
        return true;
      }
    }
    return !ascii && !isText(bytes);
  }

  private static boolean isText(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static InputStream clean(InputStream body) {
    try (body) {
      byte[] bytes = body.readAllBytes();
      if (bytes.length == 0 || bytes[0] != '<' || !suspicious(bytes)) {
        return new ByteArrayInputStream(bytes);
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      String clean = RAW.matcher(REFERENCE.matcher(text).replaceAll("")).replaceAll("");
      return new ByteArrayInputStream(clean.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
