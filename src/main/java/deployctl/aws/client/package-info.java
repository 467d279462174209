/** How AWS is reached: clients, credentials, timeouts and retries, and what its errors mean. */
@NullMarked
package deployctl.aws.client;

import org.jspecify.annotations.NullMarked;
