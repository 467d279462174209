package deployctl.diagnose.check;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Answers each question once a run; whoever asks again waits for the same answer. */
final class Memoizer {
  private final Map<String, CompletableFuture<Object>> answers = new ConcurrentHashMap<>();

  /**
   * Return the answer to a question.
   *
   * @param key tells the question from all others
   */
  @SuppressWarnings("unchecked")
  <T> T of(String key, Supplier<T> question) {
    CompletableFuture<Object> mine = new CompletableFuture<>();
    CompletableFuture<Object> first = answers.putIfAbsent(key, mine);
    if (first == null) {
      try {
        T answer = question.get();
        mine.complete(answer);
        return answer;
      } catch (RuntimeException e) {
        mine.completeExceptionally(e);
        throw e;
      }
    }
    try {
      return (T) first.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException original) {
        throw original;
      }
      throw e;
    }
  }
}
