package deployctl.aws.client;

import java.util.Iterator;
import java.util.function.Supplier;

/**
 * Reads pages whose every step may be a call to AWS, so that the errors of a later page are put
 * into words too.
 */
public final class CallingIterator<T> implements Iterator<T> {
  /** Makes a call and translates its errors. */
  public interface Caller {
    /** Return what {@code call} returns. */
    <R> R call(Supplier<R> call);
  }

  private final Iterator<T> pages;
  private final Caller caller;

  public CallingIterator(Iterator<T> pages, Caller caller) {
    this.pages = pages;
    this.caller = caller;
  }

  @Override
  public boolean hasNext() {
    return caller.call(pages::hasNext);
  }

  @Override
  public T next() {
    return caller.call(pages::next);
  }
}
