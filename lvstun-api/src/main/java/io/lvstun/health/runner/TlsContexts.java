// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes engines for settings. Files are read once; thread-safe. */
final class TlsContexts {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN (ENCRYPTED )?PRIVATE KEY-----([^-]+)-----END");
  private static final long MOST_FILE = 1 << 20;

  private final Map<TlsSettings, SSLContext> contexts = new ConcurrentHashMap<>();

  /**
   * Makes an engine.
   *
   * @throws GeneralSecurityException if the settings' files hold nothing that can be used
   * @throws IOException if they cannot be read
   */
  SSLEngine engine(TlsSettings settings, int port) throws GeneralSecurityException, IOException {
    SSLContext context = contexts.get(settings);
    if (context == null) {
      context = context(settings);
      contexts.put(settings, context);
    }
    Optional<String> name = settings.serverName();
    SSLEngine engine =
        name.isPresent() ? context.createSSLEngine(name.get(), port) : context.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    if (name.isPresent()) {
      parameters.setServerNames(List.of(new SNIHostName(name.get())));
    }
    if (settings.verifyName()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static SSLContext context(TlsSettings settings)
      throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(settings), trust(settings), null);
    return context;
  }

  private static TrustManager @Nullable [] trust(TlsSettings settings)
      throws GeneralSecurityException, IOException {
    return switch (settings.trust()) {
      case ANY -> new TrustManager[] {new AnyCertificate()};
      case SYSTEM -> null;
      case AUTHORITY -> {
        KeyStore store = empty();
        int number = 0;
        for (Certificate each : certificates(settings.authority().orElseThrow())) {
          store.setCertificateEntry("ca" + number++, each);
        }
        TrustManagerFactory factory =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        yield factory.getTrustManagers();
      }
    };
  }

  private static KeyManager @Nullable [] keys(TlsSettings settings)
      throws GeneralSecurityException, IOException {
    if (settings.certificate().isEmpty()) {
      return null;
    }
    Certificate[] chain = certificates(settings.certificate().get()).toArray(new Certificate[0]);
    PrivateKey key = key(settings.key().orElseThrow(), settings.password().orElse(""));
    KeyStore store = empty();
    store.setKeyEntry("client", key, new char[0], chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    List<Certificate> found =
        new ArrayList<>(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(read(file))));
    if (found.isEmpty()) {
      throw new GeneralSecurityException(file + " holds no certificate");
    }
    return found;
  }

  private static PrivateKey key(Path file, String password)
      throws GeneralSecurityException, IOException {
    Matcher matcher = KEY.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
    if (!matcher.find()) {
      throw new GeneralSecurityException(
          file + " holds no PKCS #8 private key: convert it with openssl pkcs8 -topk8");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(2));
    PKCS8EncodedKeySpec spec;
    if (matcher.group(1) == null) {
      spec = new PKCS8EncodedKeySpec(bytes);
    } else {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
      String algorithm = info.getAlgParameters().toString();
      SecretKeyFactory factory = SecretKeyFactory.getInstance(algorithm);
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          factory.generateSecret(new PBEKeySpec(password.toCharArray())),
          info.getAlgParameters());
      spec = info.getKeySpec(cipher);
    }
    GeneralSecurityException refusal =
        new GeneralSecurityException(file + " holds a key of an unknown kind");
    for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        refusal.addSuppressed(e);
      }
    }
    throw refusal;
  }

  private static byte[] read(Path file) throws IOException {
    if (Files.size(file) > MOST_FILE) {
      throw new IOException(file + " exceeds 1 MiB");
    }
    return Files.readAllBytes(file);
  }

  /** Accepts any certificate: the check asks whether the service answers, not who it is. */
  private static final class AnyCertificate extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
