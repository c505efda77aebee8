package dev.octet.tck.cli;

import picocli.CommandLine.Command;

/** The command with its subcommands. */
@Command(
    name = "octet-tck",
    description = "Tests a backend of Octet against the rules for backends.",
    subcommands = {RunCommand.class})
final class OctetTck {}
