package deployctl.coordinator.lock;

import deployctl.registry.Deployment;
import java.util.List;

/**
 * What came of comparing the registry with CloudFormation.
 *
 * @param registered entries that were made for deployments which had none
 * @param unanswered what AWS said nothing about, each with the reason
 */
public record Reconciliation(List<Deployment> registered, List<String> unanswered) {}
