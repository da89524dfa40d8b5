using System.Buffers;
using System.Collections;
using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments.PspSimulator.Http;

/// <summary>
/// The decoded fields of an <c>application/x-www-form-urlencoded</c> body or a query string, in the order they came. Names keep their
/// brackets: <c>a[b]</c>. They may hold card data, so nothing of them is logged and they live no longer than their request.
/// </summary>
internal sealed class FormFields : IEnumerable<KeyValuePair<string, string>>
{
    private const int MaxFields = 500;

    private readonly List<KeyValuePair<string, string>> _fields = new(16);

    private FormFields()
    {
    }

    public int Count => _fields.Count;

    /// <summary>Null if a percent sign starts no byte or there are more than 500 fields.</summary>
    public static FormFields? Parse(ReadOnlySpan<byte> encoded)
    {
        var form = new FormFields();
        var buffer = ArrayPool<byte>.Shared.Rent(encoded.Length + 1);
        try
        {
            foreach (var range in encoded.Split((byte)'&'))
            {
                var pair = encoded[range];
                if (pair.IsEmpty) continue;
                if (form.Count == MaxFields) return null;

                var equals = pair.IndexOf((byte)'=');
                var name = Decode(equals < 0 ? pair : pair[..equals], buffer);
                var value = equals < 0 ? "" : Decode(pair[(equals + 1)..], buffer);
                if (name is null || value is null) return null;
                form._fields.Add(new(name, value));
            }

            return form;
        }
        finally
        {
            // The buffer goes back to a shared pool, and a card number may be in it.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Reads a whole body; the server's body limit bounds it. Null as for <see cref="Parse"/>.</summary>
    public static async ValueTask<FormFields?> ReadAsync(HttpRequest request)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var fields = read.Buffer.IsSingleSegment ? Parse(read.Buffer.FirstSpan) : Parse(read.Buffer.ToArray());
            reader.AdvanceTo(read.Buffer.End);
            return fields;
        }
    }

    /// <summary>The last value of a name, as form parsers have it; null if the name is absent.</summary>
    public string? Find(string name)
    {
        for (var at = _fields.Count - 1; at >= 0; at--)
        {
            if (string.Equals(_fields[at].Key, name, StringComparison.Ordinal)) return _fields[at].Value;
        }

        return null;
    }

    /// <summary>The fields whose name does not start with a prefix; those that do go to <paramref name="taken"/>.</summary>
    public FormFields Without(string prefix, out IReadOnlyList<KeyValuePair<string, string>> taken)
    {
        var found = _fields.FindAll(field => field.Key.StartsWith(prefix, StringComparison.Ordinal));
        taken = found;
        if (found.Count == 0) return this;

        var others = new FormFields();
        others._fields.AddRange(_fields.Where(field => !field.Key.StartsWith(prefix, StringComparison.Ordinal)));
        return others;
    }

    /// <summary>
    /// A keyed digest of a path and the fields in any order, so that requests can be compared after their card data is gone.
    /// </summary>
    public UInt128 Fingerprint(ReadOnlySpan<byte> key, string path)
    {
        var sorted = _fields.ToArray();
        Array.Sort(sorted, static (one, other) => string.CompareOrdinal(one.Key, other.Key) is var byName and not 0
            ? byName
            : string.CompareOrdinal(one.Value, other.Value));

        var length = path.Length + sorted.Sum(static field => field.Key.Length + field.Value.Length + 2);
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(length));
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        try
        {
            // 0 and 1 cannot come out of a field unescaped in any request a client library makes; they keep fields apart.
            var written = Encoding.UTF8.GetBytes(path, buffer);
            foreach (var (name, value) in sorted)
            {
                buffer[written++] = 0;
                written += Encoding.UTF8.GetBytes(name, buffer.AsSpan(written));
                buffer[written++] = 1;
                written += Encoding.UTF8.GetBytes(value, buffer.AsSpan(written));
            }

            HMACSHA256.HashData(key, buffer.AsSpan(0, written), digest);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    public List<KeyValuePair<string, string>>.Enumerator GetEnumerator() => _fields.GetEnumerator();

    IEnumerator<KeyValuePair<string, string>> IEnumerable<KeyValuePair<string, string>>.GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _fields.GetEnumerator();

    private static string? Decode(ReadOnlySpan<byte> encoded, Span<byte> buffer)
    {
        if (encoded.IndexOfAny((byte)'%', (byte)'+') < 0) return Encoding.UTF8.GetString(encoded);

        var written = 0;
        for (var at = 0; at < encoded.Length; at++)
        {
            var letter = encoded[at];
            if (letter == '%')
            {
                if (at + 2 >= encoded.Length || HexDigit(encoded[at + 1]) is not (>= 0 and var high) || HexDigit(encoded[at + 2]) is not (>= 0 and var low))
                    return null;
                letter = (byte)((high << 4) | low);
                at += 2;
            }
            else if (letter == '+')
            {
                letter = (byte)' ';
            }

            buffer[written++] = letter;
        }

        return Encoding.UTF8.GetString(buffer[..written]);
    }

    private static int HexDigit(byte letter) => letter switch
    {
        >= (byte)'0' and <= (byte)'9' => letter - '0',
        >= (byte)'a' and <= (byte)'f' => letter - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => letter - 'A' + 10,
        _ => -1,
    };
}
