package dev.octet.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Singleton;

/** Says what the commands are made of. */
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
    bind(BackendsCommand.class);
    bind(PlanCommand.class);
    bind(CalibrateCommand.class);
    bind(MergeCommand.class);
    bind(ConvertCommand.class);
    bind(QuantizeCommand.class);
    bind(RunCommand.class);
    bind(EvaluateCommand.class);
    bind(InspectCommand.class);
  }
}
