using System.Security.Cryptography;

namespace OrleansPayments.PspSimulator.World;

/// <summary>The simulator's one source of randomness, safe for concurrent use; the same seed gives the same sequence.</summary>
internal sealed class RandomSource
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const ulong Step = 0x9E3779B97F4A7C15;

    private readonly Lock _lock = new();
    private readonly Random _random;
    private long _counter;

    /// <param name="random">Null seeds one from the operating system, so that two runs never share identifiers.</param>
    public RandomSource(Random? random)
    {
        _random = random ?? new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        _counter = _random.NextInt64();
    }

    /// <summary>An identifier such as <c>pi_…</c>: the prefix and 24 letters or digits, unique within this process.</summary>
    public string NextId(string prefix) => NextId(prefix, 24);

    /// <summary>As <see cref="NextId(string)"/> with 12 to 32 letters or digits.</summary>
    public string NextId(string prefix, int length)
    {
        // Mixing is a bijection, so the first eleven letters alone differ between any two calls.
        var state = unchecked((ulong)Interlocked.Add(ref _counter, unchecked((long)Step)));
        return string.Create(prefix.Length + length, (prefix, state), static (text, source) =>
        {
            source.prefix.CopyTo(text);
            var letters = text[source.prefix.Length..];
            Spell(Mix(source.state), letters[..11]);
            for (var at = 11; at < letters.Length; at += 10)
                Spell(Mix(unchecked(source.state * (ulong)(at + 1))), letters.Slice(at, Math.Min(10, letters.Length - at)));
        });
    }

    /// <summary>A sample of the standard normal distribution (Box and Muller's transform).</summary>
    public double NextGaussian()
    {
        double first, second;
        lock (_lock)
        {
            first = 1.0 - _random.NextDouble();
            second = _random.NextDouble();
        }

        return Math.Sqrt(-2.0 * Math.Log(first)) * Math.Cos(2.0 * Math.PI * second);
    }

    private static void Spell(ulong value, Span<char> letters)
    {
        for (var at = 0; at < letters.Length; at++)
        {
            letters[at] = Alphabet[(int)(value % 62)];
            value /= 62;
        }
    }

    // The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
