namespace Orleans.Runtime;

/// <summary>Grains of which each waits for the next, written <c>a → b → a</c>.</summary>
/// <param name="Grains">The last is the first again; no other comes twice.</param>
internal sealed record CallCycle(IReadOnlyList<GrainId> Grains)
{
    /// <summary>Null when the way passes a grain twice before it closes: then the cycle is a smaller one, which another call is part of.</summary>
    public static CallCycle? TryClose(IReadOnlyList<GrainId> way) => way.Distinct().Count() == way.Count - 1 ? new(way) : null;

    public override string ToString() => string.Join(" → ", Grains);
}
