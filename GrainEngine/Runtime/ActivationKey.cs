namespace Orleans.Runtime;

/// <summary>What the catalog knows an activation by: the identity and, for a stateless worker, which of its workers; otherwise zero.</summary>
internal readonly record struct ActivationKey(GrainId GrainId, int Worker)
{
    public override int GetHashCode() => GrainId.GetHashCode() ^ Worker;
}
