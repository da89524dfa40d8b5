using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansPayments.Silo.Security;

/// <summary>
/// Tells whether two requests with one idempotency key ask for the same: HMAC-SHA256 over the canonical JSON of what was asked. Keyed, because the canonical
/// form holds a card number and an unkeyed hash of one can be searched for. The security code is never part of it.
/// </summary>
public sealed class RequestFingerprint
{
    // Room for an ordinary payment, so that the buffer seldom grows and leaves copies behind.
    private const int InitialCapacity = 4096;

    private readonly byte[] _key;

    public RequestFingerprint(KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        _key = ring.KeyOf(KeyPurpose.RequestFingerprint);
    }

    /// <param name="operation">What is asked: equal bodies of different operations differ.</param>
    /// <param name="writeCanonical">
    /// Writes the request as one JSON object: members in a fixed order, values in one form, members that say no more than the default left out.
    /// </param>
    /// <returns>64 hexadecimal digits; the same in any release, because they are stored.</returns>
    public string Of(string operation, Action<Utf8JsonWriter> writeCanonical)
    {
        ArgumentNullException.ThrowIfNull(writeCanonical);
        using var buffer = new MemoryStream(InitialCapacity);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writeCanonical(writer);
        }

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(Encoding.UTF8.GetBytes(operation));
        hmac.AppendData([0]);
        var canonical = buffer.GetBuffer().AsSpan(0, checked((int)buffer.Length));
        hmac.AppendData(canonical);
        CryptographicOperations.ZeroMemory(canonical);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
