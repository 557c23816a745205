// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every constructor and static method of the exported packages, and every method of a value that
 * they make, names the argument that is null, wherever null is not documented to be taken.
 */
class NullArgumentsTest {

  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern EXPORT = Pattern.compile("exports ([a-z.]+);");

  private static final int STRINGS = 4;
  private static final String TAKEN = "null is taken";

  /** Values for parameters, by type; more are made from them. */
  private final Map<Class<?>, List<Object>> samples = new HashMap<>();

  private final Map<String, String> wrong = new TreeMap<>();
  private int proved;

  @Test
  void nullIsNamed() throws Exception {
    seed();
    List<Class<?>> types = exported();
    for (int round = 0; round < 4; round++) {
      types.forEach(this::make);
    }
    types.forEach(this::prove);
    assertThat(wrong).isEmpty();
    assertThat(proved).isGreaterThan(900);
  }

  private void seed() throws IOException {
    for (Object each :
        List.of(
            "a",
            "10.0.0.1",
            "/a",
            "aa",
            InetAddress.getByAddress(new byte[] {10, 0, 0, 1}),
            Duration.ofSeconds(2),
            Instant.EPOCH,
            Path.of("/nonexistent/a"),
            new File("/nonexistent/a"),
            URI.create("http://a.example/"),
            StandardCharsets.UTF_8,
            Optional.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            new byte[4])) {
      add(each);
    }
  }

  private void add(Object value) {
    for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
      put(type, value);
      for (Class<?> one : type.getInterfaces()) {
        put(one, value);
        for (Class<?> higher : one.getInterfaces()) {
          put(higher, value);
        }
      }
    }
  }

  private void put(Class<?> type, Object value) {
    List<Object> list = samples.computeIfAbsent(type, any -> new ArrayList<>());
    if (list.size() < 6 && list.stream().noneMatch(each -> each.getClass() == value.getClass())) {
      list.add(value);
    } else if (type == String.class) {
      list.add(value);
    }
  }

  private static List<Class<?>> exported() throws Exception {
    List<Class<?>> types = new ArrayList<>();
    Matcher export = EXPORT.matcher(Files.readString(SOURCES.resolve("module-info.java")));
    while (export.find()) {
      Path folder = SOURCES.resolve(export.group(1).replace('.', '/'));
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(".java") && !name.endsWith("-info.java")) {
            nested(Class.forName(export.group(1) + '.' + name.replace(".java", "")), types);
          }
        }
      }
    }
    return types;
  }

  private static void nested(Class<?> type, List<Class<?>> types) {
    if (Modifier.isPublic(type.getModifiers())) {
      types.add(type);
      for (Class<?> inner : type.getDeclaredClasses()) {
        nested(inner, types);
      }
    }
  }

  private static List<Executable> makers(Class<?> type) {
    List<Executable> makers = new ArrayList<>();
    for (Constructor<?> one : type.getDeclaredConstructors()) {
      if (Modifier.isPublic(one.getModifiers()) && !Modifier.isAbstract(type.getModifiers())) {
        makers.add(one);
      }
    }
    for (Method one : type.getDeclaredMethods()) {
      if (Modifier.isPublic(one.getModifiers())
          && Modifier.isStatic(one.getModifiers())
          && !one.isSynthetic()) {
        makers.add(one);
      }
    }
    return sorted(makers);
  }

  /** The virtual machine gives them in any order; which samples are made depends on it. */
  private static <T extends Executable> List<T> sorted(List<T> members) {
    members.sort(Comparator.comparing(Executable::toGenericString));
    return members;
  }

  private static List<Method> methods(Class<?> type) {
    List<Method> methods = new ArrayList<>();
    for (Method one : type.getDeclaredMethods()) {
      if (Modifier.isPublic(one.getModifiers())
          && !Modifier.isStatic(one.getModifiers())
          && !one.isSynthetic()
          && !one.getName().equals("equals")) {
        methods.add(one);
      }
    }
    return sorted(methods);
  }

  /** Values that talk to the system are not made here. */
  private static boolean pure(Class<?> type) {
    return type.isRecord()
        || type.isEnum()
        || Modifier.isFinal(type.getModifiers())
            && Stream.of(type.getDeclaredMethods()).noneMatch(one -> one.getName().equals("close"));
  }

  private void make(Class<?> type) {
    if (type.isEnum()) {
      add(type.getEnumConstants()[0]);
      return;
    }
    for (Executable maker : makers(type)) {
      if (maker instanceof Constructor<?> || pure(((Method) maker).getReturnType())) {
        arguments(maker, null).flatMap(all -> call(maker, null, all)).ifPresent(this::add);
      }
    }
  }

  private static Optional<Object> call(Executable one, @Nullable Object target, Object[] all) {
    try {
      return Optional.ofNullable(
          one instanceof Constructor<?> maker
              ? maker.newInstance(all)
              : ((Method) one).invoke(target, all));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Arguments that are taken, if any are found; otherwise some that fit by type. */
  private Optional<Object[]> arguments(Executable one, @Nullable Object target) {
    Parameter[] parameters = one.getParameters();
    Object[] first = null;
    for (int choice = 0; choice < STRINGS * STRINGS; choice++) {
      Object[] values = new Object[parameters.length];
      int rest = choice;
      for (int i = 0; i < values.length; i++) {
        Class<?> type = parameters[i].getType();
        Optional<Object> value = sample(type);
        if (value.isEmpty()) {
          return Optional.empty();
        }
        values[i] = value.get();
        if (type == String.class) {
          values[i] = samples.get(String.class).get(rest % STRINGS);
          rest /= STRINGS;
        }
      }
      if (call(one, target, values).isPresent()) {
        return Optional.of(values);
      }
      first = first == null ? values : first;
      if (rest == choice) {
        break;
      }
    }
    return Optional.ofNullable(first);
  }

  private Optional<Object> sample(Class<?> type) {
    if (type == int.class) {
      return Optional.of(1);
    } else if (type == long.class) {
      return Optional.of(1L);
    } else if (type == boolean.class) {
      return Optional.of(true);
    } else if (type == double.class) {
      return Optional.of(0.5);
    } else if (type == char.class) {
      return Optional.of('a');
    } else if (type == byte.class) {
      return Optional.of((byte) 1);
    } else if (type == short.class) {
      return Optional.of((short) 1);
    } else if (type == List.class || type == Collection.class || type == Iterable.class) {
      return Optional.of(List.of());
    } else if (type == Set.class) {
      return Optional.of(new HashSet<>());
    } else if (type == Map.class) {
      return Optional.of(Map.of());
    } else if (type.isArray()) {
      return type == byte[].class
          ? Optional.of(new byte[4])
          : Optional.of(java.lang.reflect.Array.newInstance(type.getComponentType(), 0));
    }
    List<Object> known = samples.get(type);
    if (known != null) {
      return Optional.of(known.get(0));
    }
    if (type.isInterface() && !type.isSealed()) {
      return Optional.of(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, args) ->
                  switch (method.getName()) {
                    case "hashCode" -> 1;
                    case "equals" -> proxy == args[0];
                    case "toString" -> "a";
                    default -> method.getReturnType().isPrimitive() ? 0 : null;
                  }));
    }
    return Optional.empty();
  }

  private void prove(Class<?> type) {
    for (Executable maker : makers(type)) {
      prove(type, maker, null);
    }
    List<Object> known = samples.getOrDefault(type, List.of());
    if (pure(type) && !known.isEmpty()) {
      for (Object target : known) {
        methods(type).forEach(method -> prove(type, method, target));
      }
    }
  }

  private void prove(Class<?> type, Executable one, @Nullable Object target) {
    Optional<Object[]> all = arguments(one, target);
    if (all.isEmpty()) {
      return;
    }
    String otherwise = outcome(one, target, all.get(), " ");
    Parameter[] parameters = one.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].getType().isPrimitive() || takesNull(parameters[i])) {
        continue;
      }
      Object[] values = all.get().clone();
      values[i] = null;
      String what =
          type.getName()
              + '#'
              + one.getName().replaceAll(".*\\.", "")
              + " "
              + parameters[i].getName();
      String found = outcome(one, target, values, parameters[i].getName());
      if (found.isEmpty()) {
        proved++;
      } else if (!found.equals(otherwise) || found.equals(TAKEN)) {
        // Otherwise another argument was refused first, and nothing is known of this one.
        wrong.put(what, found);
      }
    }
  }

  private static boolean takesNull(Parameter parameter) {
    Type type = parameter.getParameterizedType();
    return parameter.getAnnotatedType().isAnnotationPresent(Nullable.class)
        || parameter.isAnnotationPresent(Nullable.class)
        || type instanceof Class<?> plain && plain == Void.class;
  }

  private static String outcome(
      Executable one, @Nullable Object target, Object[] values, String name) {
    try {
      if (one instanceof Constructor<?> maker) {
        maker.newInstance(values);
      } else {
        ((Method) one).invoke(target, values);
      }
      return TAKEN;
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      boolean named =
          cause instanceof NullPointerException
              && cause.getMessage() != null
              && words(cause.getMessage()).contains(words(name));
      return named ? "" : String.valueOf(cause);
    } catch (ReflectiveOperationException e) {
      return String.valueOf(e);
    }
  }

  /** "hostName" and "host name" are the same name. */
  private static String words(String text) {
    return text.replaceAll("[^A-Za-z]", "").toLowerCase(java.util.Locale.ROOT);
  }
}
