package dev.octet.api.provider;

import dev.octet.api.guard.Guard;
import dev.octet.api.option.OptionDescriptor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The options that a backend or its runtime declares, no two of which have one name. */
final class DistinctOptions {

  private DistinctOptions() {}

  static List<OptionDescriptor> of(Guard guard, Supplier<List<OptionDescriptor>> declared) {
    List<OptionDescriptor> options = guard.list("options", declared);
    Set<String> names = new HashSet<>();
    for (OptionDescriptor option : options) {
      if (!names.add(option.name())) {
        throw guard.breach("options", "two are named '" + option.name() + "'");
      }
    }
    return options;
  }
}
