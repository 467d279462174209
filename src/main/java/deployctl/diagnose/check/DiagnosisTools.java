package deployctl.diagnose.check;

import deployctl.aws.AwsGateways;
import deployctl.cli.Console;
import deployctl.registry.Journal;
import deployctl.registry.Registry;
import java.util.function.Supplier;

/**
 * What a run works with, whatever it looks at.
 *
 * @param aws asked for what is looked at, and used by remediations
 * @param registry one that warns of nothing
 * @param console asks a person for what a remediation needs
 */
public record DiagnosisTools(
    Supplier<AwsGateways> aws,
    Supplier<Registry> registry,
    CommandLines commands,
    Supplier<Journal> journal,
    Console console) {}
