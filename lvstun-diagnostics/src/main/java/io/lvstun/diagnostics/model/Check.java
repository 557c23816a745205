// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import io.lvstun.cluster.Role;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One thing that can be wrong, and how to tell from facts whether it is.
 *
 * <p>A check is a pure function: it sees the facts of one host, and those of the others through the
 * {@link Cluster}, and makes a {@link Finding} of them. It speaks to no host, keeps nothing, and is
 * thread-safe. When it asks for a fact that is not known, the engine makes an ERROR finding of
 * that.
 *
 * <p>Users write checks of their own, with the codes of {@link Category#OWN}, and hand them to an
 * examination.
 *
 * @since 0.1.0
 */
public final class Check {

  private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9]{1,3}-[0-9]{3}");
  private static final String DOCUMENTATION =
      "https://github.com/lvstun/lvstun/blob/main/docs/reference/checks.md#";

  private static final String OWN_CHECKS =
      "https://github.com/lvstun/lvstun/blob/main/docs/guides/own-checks.md";

  private final String code;
  private final String slug;
  private final String title;
  private final Category category;
  private final Severity severity;
  private final Set<Role> roles;
  private final List<String> dependsOn;
  private final List<String> symptomOf;
  private final String symptom;
  private final String why;
  private final String remedy;
  private final String source;
  private final Function<Subject, Finding> examination;

  private Check(Draft draft, Function<Subject, Finding> examination) {
    this.code = draft.code;
    this.slug = draft.slug;
    this.title = required(draft, "title", draft.title);
    this.category = categoryOf(draft.code);
    this.severity = draft.severity;
    this.roles = Set.copyOf(draft.roles);
    this.dependsOn = List.copyOf(draft.dependsOn);
    this.symptomOf = List.copyOf(draft.symptomOf);
    this.symptom = draft.symptom;
    this.why = required(draft, "why", draft.why);
    this.remedy = required(draft, "remedy", draft.remedy);
    this.source = draft.source;
    this.examination = examination;
    if (roles.isEmpty()) {
      throw new IllegalArgumentException(code + " must have a role");
    }
  }

  private static String required(Draft draft, String name, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(draft.code + " must have a " + name);
    }
    return text;
  }

  private static Category categoryOf(String code) {
    String prefix = code.substring(0, code.indexOf('-'));
    return Arrays.stream(Category.values())
        .filter(category -> category.prefixes().contains(prefix))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no category has codes like " + code));
  }

  /**
   * Begins a check.
   *
   * @param code stable code, letters, a dash and three digits: {@code RPF-001}
   * @param slug stable short name, lower case with dashes: {@code decap-rp-filter}
   * @return a draft
   * @throws IllegalArgumentException if the code or the slug does not have that form
   */
  public static Draft of(String code, String slug) {
    return new Draft(code, slug);
  }

  /** A check in the making. Not thread-safe. */
  public static final class Draft {

    private final String code;
    private final String slug;
    private String title = "";
    private Severity severity = Severity.FAIL;
    private final Set<Role> roles = EnumSet.noneOf(Role.class);
    private final Set<String> dependsOn = new LinkedHashSet<>();
    private final Set<String> symptomOf = new LinkedHashSet<>();
    private String symptom = "";
    private String why = "";
    private String remedy = "";
    private String source = "";

    private Draft(String code, String slug) {
      if (!CODE.matcher(code).matches()) {
        throw new IllegalArgumentException("code must be like RPF-001, not " + code);
      }
      if (!slug.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
        throw new IllegalArgumentException("slug must be lower case with dashes, not " + slug);
      }
      this.code = code;
      this.slug = slug;
    }

    /**
     * States what holds when the check passes.
     *
     * @param text a clause: {@code The reverse path filter lets decapsulated packets in}
     * @return this draft
     */
    public Draft title(String text) {
      title = text;
      return this;
    }

    /**
     * States how much it matters; {@link Severity#FAIL} by default.
     *
     * @param severity how much
     * @return this draft
     */
    public Draft severity(Severity severity) {
      this.severity = severity;
      return this;
    }

    /**
     * States which hosts are examined: those that have one of the roles. {@link Role#CLUSTER} means
     * that the check runs once, for the cluster.
     *
     * @param roles the roles
     * @return this draft
     */
    public Draft on(Role... roles) {
      this.roles.addAll(List.of(roles));
      return this;
    }

    /**
     * Names checks that must not have failed on the same host, or else this one is skipped.
     *
     * @param codes their codes
     * @return this draft
     */
    public Draft dependsOn(String... codes) {
      dependsOn.addAll(List.of(codes));
      return this;
    }

    /**
     * Names checks whose failure explains a failure of this one: it is reported still, but not as a
     * root cause. A check that examines the same roles explains it on the same host only.
     *
     * @param codes their codes
     * @return this draft
     */
    public Draft symptomOf(String... codes) {
      symptomOf.addAll(List.of(codes));
      return this;
    }

    /**
     * States what people see when it is wrong.
     *
     * @param text a clause
     * @return this draft
     */
    public Draft symptom(String text) {
      symptom = text;
      return this;
    }

    /**
     * States why it matters.
     *
     * @param text a sentence or more
     * @return this draft
     */
    public Draft why(String text) {
      why = text;
      return this;
    }

    /**
     * States what puts it right, in general; findings have the exact commands.
     *
     * @param text a sentence or more
     * @return this draft
     */
    public Draft remedy(String text) {
      remedy = text;
      return this;
    }

    /**
     * States where the knowledge is from.
     *
     * @param text a kernel document, an RFC, an experiment
     * @return this draft
     */
    public Draft source(String text) {
      source = text;
      return this;
    }

    /**
     * Ends the draft.
     *
     * @param examination makes a finding of a host's facts
     * @return the check
     * @throws IllegalArgumentException if title, role, why or remedy are missing
     */
    public Check examine(Function<Subject, Finding> examination) {
      return new Check(this, examination);
    }
  }

  /**
   * Returns the stable code.
   *
   * @return for example {@code RPF-001}
   */
  public String code() {
    return code;
  }

  /**
   * Returns the stable short name.
   *
   * @return for example {@code decap-rp-filter}
   */
  public String slug() {
    return slug;
  }

  /**
   * Returns what holds when the check passes.
   *
   * @return a clause
   */
  public String title() {
    return title;
  }

  /**
   * Returns what the check is about.
   *
   * @return the category
   */
  public Category category() {
    return category;
  }

  /**
   * Returns how much it matters. A finding may be milder, never worse.
   *
   * @return the severity
   */
  public Severity severity() {
    return severity;
  }

  /**
   * Returns which hosts are examined.
   *
   * @return the roles
   */
  public Set<Role> roles() {
    return roles;
  }

  /**
   * Returns the checks that must not have failed on the same host.
   *
   * @return their codes
   */
  public List<String> dependsOn() {
    return dependsOn;
  }

  /**
   * Returns the checks whose failure explains one of this.
   *
   * @return their codes
   */
  public List<String> symptomOf() {
    return symptomOf;
  }

  /**
   * Returns what people see when it is wrong.
   *
   * @return a clause; may be empty
   */
  public String symptom() {
    return symptom;
  }

  /**
   * Returns why it matters.
   *
   * @return a sentence or more
   */
  public String why() {
    return why;
  }

  /**
   * Returns what puts it right, in general.
   *
   * @return a sentence or more
   */
  public String remedy() {
    return remedy;
  }

  /**
   * Returns where the knowledge is from.
   *
   * @return a document or an experiment; may be empty
   */
  public String source() {
    return source;
  }

  /**
   * Returns where the check is documented.
   *
   * @return a URL
   */
  public String documentation() {
    return category == Category.OWN ? OWN_CHECKS : DOCUMENTATION + code.toLowerCase(Locale.ROOT);
  }

  /** Examines one host, or the cluster. */
  public Finding examine(Subject subject) {
    return examination.apply(subject);
  }

  /** Returns the code and the title. */
  @Override
  public String toString() {
    return code + " " + title;
  }
}
