using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments;

/// <summary>The common form of every id: a prefix that names the kind, then 26 characters of Crockford's base 32 in lower case (128 bits).</summary>
internal static class IdFormat
{
    /// <summary>Characters behind the prefix.</summary>
    public const int BodyLength = 26;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private static readonly SearchValues<char> AlphabetValues = SearchValues.Create(Alphabet);

    public static string FromBits(string prefix, ReadOnlySpan<byte> bits)
    {
        if (bits.Length < 16) throw new ArgumentException("An id needs 128 bits.", nameof(bits));

        Span<char> text = stackalloc char[prefix.Length + BodyLength];
        prefix.CopyTo(text);
        var high = BinaryPrimitives.ReadUInt128BigEndian(bits);
        for (var i = text.Length - 1; i >= prefix.Length; i--)
        {
            text[i] = Alphabet[(int)(high & 31)];
            high >>= 5;
        }

        return new string(text);
    }

    /// <summary>The same identity for the same parts, on any machine and in any release: this is what idempotency rests on.</summary>
    public static string FromIdentity(string prefix, params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            // Lengths go in too, so that ("a","bc") and ("ab","c") differ.
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return FromBits(prefix, digest);
    }

    public static bool IsValid(string prefix, string? text)
    {
        if (text is null || text.Length != prefix.Length + BodyLength) return false;
        if (!text.StartsWith(prefix, StringComparison.Ordinal)) return false;

        // 26 characters carry 130 bits; the first one may use only three of its five.
        if (text[prefix.Length] > '7') return false;
        return text.AsSpan(prefix.Length).IndexOfAnyExcept(AlphabetValues) < 0;
    }
}
