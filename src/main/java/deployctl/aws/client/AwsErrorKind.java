package deployctl.aws.client;

/** The ways in which a call to AWS ends badly, told apart by what has to be done about them. */
public enum AwsErrorKind {
  /** AWS answered that the thing asked for is not there. */
  NOT_FOUND,
  /** The identity is known and may not do this. */
  ACCESS_DENIED,
  /** No credentials were found. */
  NO_CREDENTIALS,
  /** The credentials were good once. */
  EXPIRED_CREDENTIALS,
  /** AWS does not know the credentials. */
  INVALID_CREDENTIALS,
  /** Nothing names a region. */
  NO_REGION,
  /** There is no such region, or it is not enabled for the account. */
  WRONG_REGION,
  /** AWS went on refusing for being asked too often. */
  THROTTLED,
  /** No connection could be made, or it broke. */
  UNREACHABLE,
  /** There was a connection and no answer in time. */
  TIMED_OUT,
  /** AWS answered that it is broken (5xx). */
  SERVER_ERROR,
  /** AWS understood and refused: the request does not fit the thing's state or form. */
  REJECTED;

  /** Tell whether the identity, rather than the way to AWS, is what has to be mended. */
  public boolean concernsIdentity() {
    return this == ACCESS_DENIED
        || this == NO_CREDENTIALS
        || this == EXPIRED_CREDENTIALS
        || this == INVALID_CREDENTIALS;
  }

  /** Tell whether asking again later, with nothing changed, may help. */
  public boolean passing() {
    return this == THROTTLED || this == UNREACHABLE || this == TIMED_OUT || this == SERVER_ERROR;
  }
}
