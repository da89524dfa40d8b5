namespace Orleans.Simulation;

/// <summary>
/// The only source of chance in a simulation: SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014), because what
/// <see cref="System.Random"/> draws from a seed may change with the runtime, and a recorded seed must mean the same for ever.
/// </summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextUInt64()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var mixed = _state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>From 0 up to and without the bound, which is positive.</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>From the first to the last number, both included.</summary>
    public int Between(int first, int last) => first + Next(last - first + 1);

    /// <summary>From the shortest to the longest time, in steps of a microsecond.</summary>
    public TimeSpan Between(TimeSpan shortest, TimeSpan longest)
    {
        var steps = (longest - shortest).Ticks / TimeSpan.TicksPerMicrosecond;
        return shortest + TimeSpan.FromTicks((long)Math.BigMul(NextUInt64(), (ulong)steps + 1, out _) * TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>True with the given probability, 0 to 1.</summary>
    public bool Chance(double probability) => (NextUInt64() >> 11) * (1.0 / (1UL << 53)) < probability;

    public T Pick<T>(IReadOnlyList<T> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return choices[Next(choices.Count)];
    }

    /// <summary>A generator of its own, so that one party's draws do not shift another's.</summary>
    public SeededRandom Split() => new(NextUInt64());
}
