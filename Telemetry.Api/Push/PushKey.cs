using System.Buffers.Text;
using System.Security.Cryptography;

namespace Telemetry.Api.Push;

/// <summary>The server's key (VAPID, RFC 8292): a point of P-256. Push services know the server by it.</summary>
/// <param name="Private">32 bytes in base64url.</param>
/// <param name="Public">65 bytes in base64url: what browsers call <c>applicationServerKey</c>.</param>
sealed record PushKey(string Private, string Public)
{
    /// <summary>A new one.</summary>
    public static PushKey Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Of(key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>The key of a private one.</summary>
    /// <exception cref="CryptographicException">It is none.</exception>
    /// <exception cref="FormatException">It is no base64url.</exception>
    public static PushKey Of(string privateKey)
    {
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Base64Url.DecodeFromChars(privateKey) });
        return Of(key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>True for a public key of a browser: an uncompressed point on the curve.</summary>
    public static bool IsPublicKey(byte[] point)
    {
        if (point is not [4, ..] || point.Length != 65) return false;
        try
        {
            using var _ = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    static PushKey Of(ECParameters key) => new(Base64Url.EncodeToString(key.D), Base64Url.EncodeToString([4, .. key.Q.X!, .. key.Q.Y!]));
}
