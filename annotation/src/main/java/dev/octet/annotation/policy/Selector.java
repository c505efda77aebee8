package dev.octet.annotation.policy;

import dev.octet.api.error.OctetException;
import dev.octet.api.stability.Incubating;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which nodes a rule of a policy is about. Immutable.
 *
 * <p>A node stands for every node of the user's model whose work it does: the names, operators and
 * modules of nodes that were folded into it select it too. In a glob {@code *} stands for any run
 * of characters, {@code ?} for one character, and every other character for itself; globs and
 * regular expressions match whole names.
 *
 * <p>Selectors have ranks, from low to high: global, operator type, module type, module path, node,
 * predicate. What a rule of a higher rank says goes over what one of a lower rank says; among equal
 * ranks the later rule goes over the earlier one.
 */
public sealed interface Selector {

  /**
   * Returns what the function of this selector's kind makes of it: the way to tell kinds apart, so
   * that a new kind stops whatever does not know it from compiling.
   */
  <T> T match(Cases<T> cases);

  /**
   * One function for each kind of selector.
   *
   * @param <T> what the functions return
   * @param global for every node
   * @param operatorType for an operator
   * @param moduleType for a module type
   * @param moduleGlob for a glob for module paths
   * @param moduleRegex for a regular expression for module paths
   * @param nodeGlob for a glob for node names
   * @param where for a predicate
   */
  record Cases<T>(
      Function<? super Global, ? extends T> global,
      Function<? super OperatorType, ? extends T> operatorType,
      Function<? super ModuleType, ? extends T> moduleType,
      Function<? super ModuleGlob, ? extends T> moduleGlob,
      Function<? super ModuleRegex, ? extends T> moduleRegex,
      Function<? super NodeGlob, ? extends T> nodeGlob,
      Function<? super Where, ? extends T> where) {

    /** Takes a function for every kind; a later version with one more kind takes one more. */
    @Incubating
    public Cases {}

    /**
     * Returns one function for every kind, also for those of later versions. What follows it gives
     * kinds functions of their own, so that code outside of Octet is not broken by a new kind.
     */
    public static <T> Cases<T> otherwise(Function<? super Selector, ? extends T> other) {
      return new Cases<>(other, other, other, other, other, other, other);
    }

    /** Returns these functions with this one for every node. */
    public Cases<T> global(Function<? super Global, ? extends T> function) {
      return new Cases<>(
          function, operatorType, moduleType, moduleGlob, moduleRegex, nodeGlob, where);
    }

    /** Returns these functions with this one for an operator. */
    public Cases<T> operatorType(Function<? super OperatorType, ? extends T> function) {
      return new Cases<>(global, function, moduleType, moduleGlob, moduleRegex, nodeGlob, where);
    }

    /** Returns these functions with this one for a module type. */
    public Cases<T> moduleType(Function<? super ModuleType, ? extends T> function) {
      return new Cases<>(global, operatorType, function, moduleGlob, moduleRegex, nodeGlob, where);
    }

    /** Returns these functions with this one for a glob for module paths. */
    public Cases<T> moduleGlob(Function<? super ModuleGlob, ? extends T> function) {
      return new Cases<>(global, operatorType, moduleType, function, moduleRegex, nodeGlob, where);
    }

    /** Returns these functions with this one for a regular expression for module paths. */
    public Cases<T> moduleRegex(Function<? super ModuleRegex, ? extends T> function) {
      return new Cases<>(global, operatorType, moduleType, moduleGlob, function, nodeGlob, where);
    }

    /** Returns these functions with this one for a glob for node names. */
    public Cases<T> nodeGlob(Function<? super NodeGlob, ? extends T> function) {
      return new Cases<>(
          global, operatorType, moduleType, moduleGlob, moduleRegex, function, where);
    }

    /** Returns these functions with this one for a predicate. */
    public Cases<T> where(Function<? super Where, ? extends T> function) {
      return new Cases<>(
          global, operatorType, moduleType, moduleGlob, moduleRegex, nodeGlob, function);
    }
  }

  /** Returns the selector as reports show it, such as {@code module 'layer1.*'}. */
  String words();

  /** Every node. */
  record Global() implements Selector {
    @Override
    public String words() {
      return "global";
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.global().apply(this);
    }
  }

  /**
   * Nodes of an operator.
   *
   * @param operator the operator's name, such as {@code Conv}; with the domain and a dot before it
   *     when that is not the default
   */
  record OperatorType(String operator) implements Selector {
    /** Checks that the name is not empty. */
    public OperatorType {
      PolicyErrors.requireText("operator type", operator);
    }

    @Override
    public String words() {
      return "operator type '" + operator + "'";
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.operatorType().apply(this);
    }
  }

  /**
   * Nodes in modules of a type, at any depth.
   *
   * @param type the type's simple or qualified name, such as {@code BasicBlock}
   */
  record ModuleType(String type) implements Selector {
    /** Checks that the name is not empty. */
    public ModuleType {
      PolicyErrors.requireText("module type", type);
    }

    @Override
    public String words() {
      return "module type '" + type + "'";
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.moduleType().apply(this);
    }
  }

  /**
   * Nodes in modules whose path matches, at any depth.
   *
   * @param glob a glob for the path of the node's module, or of a module around it
   */
  record ModuleGlob(String glob) implements Selector {
    /** Checks that the pattern is not empty. */
    public ModuleGlob {
      PolicyErrors.requireText("module", glob);
    }

    @Override
    public String words() {
      return "module '" + glob + "'";
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.moduleGlob().apply(this);
    }
  }

  /**
   * Nodes in modules whose path matches, at any depth.
   *
   * @param regex a regular expression for the path of the node's module, or of a module around it
   */
  record ModuleRegex(String regex) implements Selector {
    /**
     * Checks the pattern.
     *
     * @throws OctetException {@code OCT-POL-009} if it is empty, {@code OCT-POL-004} if it is no
     *     regular expression, {@code OCT-POL-012} if too many of its parts may be empty
     */
    public ModuleRegex {
      PolicyErrors.requireText("module regex", regex);
      ModuleRegexMatch.compiled(regex);
    }

    @Override
    public String words() {
      return "module regex '" + regex + "'";
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.moduleRegex().apply(this);
    }
  }

  /**
   * Nodes by name.
   *
   * @param glob a glob for the node's name
   */
  record NodeGlob(String glob) implements Selector {
    /** Checks that the pattern is not empty. */
    public NodeGlob {
      PolicyErrors.requireText("node", glob);
    }

    @Override
    public String words() {
      return "node '" + glob + "'";
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.nodeGlob().apply(this);
    }
  }

  /**
   * Nodes of which a predicate holds.
   *
   * @param name what reports call the predicate
   * @param predicate the predicate; the same node must always get the same answer
   */
  record Where(String name, Predicate<PolicyNode> predicate) implements Selector {
    /** Checks that the name is not empty. */
    public Where {
      PolicyErrors.requireText("predicate", name);
      Objects.requireNonNull(predicate, "predicate");
    }

    @Override
    public String words() {
      return "predicate '" + name + "'";
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.where().apply(this);
    }
  }

  /** Returns {@link Global}. */
  static Selector global() {
    return new Global();
  }

  /** Returns {@link OperatorType}. */
  static Selector operatorType(String operator) {
    return new OperatorType(operator);
  }

  /** Returns {@link ModuleType}. */
  static Selector moduleType(String type) {
    return new ModuleType(type);
  }

  /** Returns {@link ModuleGlob}. */
  static Selector module(String glob) {
    return new ModuleGlob(glob);
  }

  /** Returns {@link ModuleRegex}. */
  static Selector moduleRegex(String regex) {
    return new ModuleRegex(regex);
  }

  /** Returns {@link NodeGlob}. */
  static Selector node(String glob) {
    return new NodeGlob(glob);
  }

  /** Returns {@link Where}. */
  static Selector where(String name, Predicate<PolicyNode> predicate) {
    return new Where(name, predicate);
  }
}
