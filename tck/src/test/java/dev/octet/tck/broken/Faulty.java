package dev.octet.tck.broken;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;

/** Makes services of which one method does something else. */
final class Faulty {

  private Faulty() {}

  /**
   * Returns a service that does what another one does but for one method.
   *
   * @param type the service
   * @param right what does everything else
   * @param method the method's name
   * @param instead what the method does
   */
  static <T> T of(Class<T> type, T right, String method, Callable<?> instead) {
    InvocationHandler handler =
        (proxy, called, arguments) -> {
          if (called.getName().equals(method)) {
            return instead.call();
          }
          if (called.getName().equals("ask")) {
            return InvocationHandler.invokeDefault(proxy, called, arguments);
          }
          try {
            return called.invoke(right, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
