package deployctl.support;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a value at its first use and keeps it. */
public final class Lazy<T> implements Supplier<T> {
  private @Nullable Supplier<T> maker;
  private @Nullable T value;

  private Lazy(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Return a supplier that asks {@code maker} once. */
  public static <T> Lazy<T> of(Supplier<T> maker) {
    return new Lazy<>(maker);
  }

  @Override
  public synchronized T get() {
    T made = value;
    if (made == null) {
      Supplier<T> once = maker;
      if (once == null) {
        throw new IllegalStateException("no value was made");
      }
      made = once.get();
      value = made;
      maker = null;
    }
    return made;
  }
}
