using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telemetry.Bench.Rig;

/// <summary>A certificate for this machine that nobody else has signed, as files.</summary>
/// <param name="Path">The certificate, PEM.</param>
/// <param name="KeyPath">Its key, PEM.</param>
sealed record Certificate(string Path, string KeyPath)
{
    public static async Task<Certificate> Create(TempFolder folder, CancellationToken cancel)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var result = new Certificate(folder.NewPath("certificate.pem"), folder.NewPath("key.pem"));
        await File.WriteAllTextAsync(result.Path, certificate.ExportCertificatePem(), cancel);
        await File.WriteAllTextAsync(result.KeyPath, key.ExportPkcs8PrivateKeyPem(), cancel);
        return result;
    }
}
