package dev.octet.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Singleton;
import picocli.CommandLine.Command;

/** Says what the commands are made of; which commands there are, {@link Octet} says. */
final class CliModule extends AbstractModule {

  private final Terminal terminal;

  CliModule(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  protected void configure() {
    binder().requireExplicitBindings();
    binder().requireAtInjectOnConstructors();
    bind(Terminal.class).toInstance(terminal);
    bind(Reporter.class).in(Singleton.class);
    bind(Services.class).in(Singleton.class);
    for (Class<?> command : Octet.class.getAnnotation(Command.class).subcommands()) {
      bind(command);
    }
  }
}
