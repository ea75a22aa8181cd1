using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Ingest;

/// <summary>Certificates of the connection to an outside broker. The PEM files are read at each connect, so a reconnect uses renewed ones.</summary>
static class BrokerTrust
{
    /// <summary>Throws <see cref="SettingException"/> for a file that cannot be read or has another content.</summary>
    public static void AddTo(MqttClientTlsOptionsBuilder tls, MqttSettings settings)
    {
        tls.UseTls();
        if (settings.CertificateAuthority != "") tls.WithTrustChain(Read(nameof(settings.CertificateAuthority), settings.CertificateAuthority, "it takes certificates as a PEM file", ReadAuthorities));
        if (settings.Certificate == "") return;
        var key = settings.CertificateKey != "" ? settings.CertificateKey : settings.Certificate;
        tls.WithClientCertificates(Read(nameof(settings.Certificate), settings.Certificate, "it takes a certificate as a PEM file, its key in Mqtt:CertificateKey or in the same file",
            path => new X509Certificate2Collection(X509Certificate2.CreateFromPemFile(path, key))));
    }

    static X509Certificate2Collection ReadAuthorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("there is no certificate in it");
    }

    static X509Certificate2Collection Read(string name, string path, string takes, Func<string, X509Certificate2Collection> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SettingException($"Mqtt:{name} '{path}' cannot be used ({error.Message}): {takes}.");
        }
    }
}
