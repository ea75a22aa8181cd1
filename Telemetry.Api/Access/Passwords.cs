using System.Globalization;
using System.Security.Cryptography;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Access;

/// <summary>Hashes of passwords: <c>pbkdf2-sha256:iterations:salt:hash</c>, the last two in base64. No $ in it: shells and compose files would replace that.</summary>
static class Passwords
{
    const string Method = "pbkdf2-sha256";

    // OWASP Password Storage Cheat Sheet, 2023, for PBKDF2 with HMAC-SHA256.
    const int Iterations = 600_000;
    const int MostIterations = 10_000_000;
    const int SaltLength = 16;
    const int HashLength = 32;

    /// <summary>Hashes a password with a salt of its own.</summary>
    public static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, HashLength);
        return string.Create(CultureInfo.InvariantCulture, $"{Method}:{Iterations}:{Convert.ToBase64String(salt)}:{Convert.ToBase64String(hash)}");
    }

    /// <summary>Whether a text is such a hash.</summary>
    public static bool IsHash(string text) => TryParse(text, out _, out _, out _);

    /// <summary>Whether a password is the one of a hash. Takes about a tenth of a second.</summary>
    public static bool Match(string password, string hash) =>
        TryParse(hash, out var iterations, out var salt, out var expected) &&
        CryptographicOperations.FixedTimeEquals(Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, expected.Length), expected);

    /// <summary><c>--hash-password</c>: reads a password from the console, so that no list of commands shows it, and prints its hash.</summary>
    public static int Command()
    {
        if (!Console.IsInputRedirected) Console.Error.Write("Password: ");
        var password = Console.IsInputRedirected ? Console.ReadLine() : ReadUnseen();
        if (string.IsNullOrEmpty(password)) throw new SettingException("--hash-password takes a password from the console, in one line.");
        Console.WriteLine(Hash(password));
        return 0;
    }

    static string ReadUnseen()
    {
        var password = "";
        for (ConsoleKeyInfo key; (key = Console.ReadKey(intercept: true)).Key != ConsoleKey.Enter;)
        {
            if (key.Key == ConsoleKey.Backspace) password = password.Length > 0 ? password[..^1] : "";
            else if (key.KeyChar != '\0') password += key.KeyChar;
        }

        Console.Error.WriteLine();
        return password;
    }

    static bool TryParse(string text, out int iterations, out byte[] salt, out byte[] hash)
    {
        (iterations, salt, hash) = (0, [], []);
        if (text.Split(':') is not [Method, var count, var saltText, var hashText]) return false;
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out iterations) || iterations is < 1 or > MostIterations) return false;
        (salt, hash) = (new byte[saltText.Length], new byte[hashText.Length]);
        if (!Convert.TryFromBase64String(saltText, salt, out var saltLength) || !Convert.TryFromBase64String(hashText, hash, out var hashLength)) return false;
        (salt, hash) = (salt[..saltLength], hash[..hashLength]);
        return saltLength >= SaltLength && hashLength == HashLength;
    }
}
