namespace OrleansPayments.Grains.Routing;

/// <summary>
/// A hash that is the same on any machine and in any release: FNV-1a of 64 bits over the two texts' UTF-16 code units with a zero between them, then the finishing
/// step of MurmurHash3, without which the high bits of similar texts are alike. It tells payments apart and protects nothing.
/// </summary>
/// <remarks>Sources: Fowler, Noll and Vo, draft-eastlake-fnv; Appleby, MurmurHash3 fmix64.</remarks>
internal static class SplitHash
{
    private const ulong FnvOffset = 14_695_981_039_346_656_037;
    private const ulong FnvPrime = 1_099_511_628_211;

    // The bits of a double's mantissa.
    private const int Bits = 53;

    public static ulong Of(string first, string second) => Of(Begin(first), second);

    /// <summary>What the first text comes to, for <see cref="Of(ulong, string)"/> with many second ones.</summary>
    public static ulong Begin(string first)
    {
        unchecked
        {
            return Mix(FnvOffset, first) * FnvPrime;
        }
    }

    /// <param name="begun">From <see cref="Begin"/>.</param>
    public static ulong Of(ulong begun, string second)
    {
        unchecked
        {
            var hash = Mix(begun, second);
            hash ^= hash >> 33;
            hash *= 0xff51afd7ed558ccd;
            hash ^= hash >> 33;
            hash *= 0xc4ceb9fe1a85ec53;
            return hash ^ (hash >> 33);
        }
    }

    /// <summary>Above 0 and at most 1, evenly distributed.</summary>
    /// <param name="begun">From <see cref="Begin"/>.</param>
    public static double Uniform(ulong begun, string second) => ((Of(begun, second) >> (64 - Bits)) + 1) / (double)(1UL << Bits);

    private static ulong Mix(ulong hash, string text)
    {
        unchecked
        {
            foreach (var unit in text) hash = (hash ^ unit) * FnvPrime;
            return hash;
        }
    }
}
