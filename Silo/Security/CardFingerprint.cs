using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments.Silo.Security;

/// <summary>
/// Tells whether two payments used the same card number without keeping it: HMAC-SHA256, cut to 128 bits. Keyed, because there are so few card numbers that an
/// unkeyed hash of one can be searched for. The same number has the same fingerprint everywhere in this installation, and another one in any other.
/// </summary>
public sealed class CardFingerprint(KeyRing ring)
{
    private const int Length = 16;

    /// <param name="cardNumber">Digits only.</param>
    /// <returns>32 lower-case hexadecimal digits; the same in any release, because they are stored.</returns>
    public string Of(string cardNumber)
    {
        ArgumentNullException.ThrowIfNull(cardNumber);
        var digits = Encoding.ASCII.GetBytes(cardNumber);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(ring.KeyOf(KeyPurpose.CardFingerprint), digits, hash);
        CryptographicOperations.ZeroMemory(digits);
        return Convert.ToHexStringLower(hash[..Length]);
    }
}
