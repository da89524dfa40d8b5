namespace OrleansPayments.Silo.Hosting.Failpoints;

/// <summary>What an administrator wants to happen at a point, and to whom.</summary>
/// <param name="Skip">How many that fit pass first; 0 to <see cref="FailpointRequest.MaxSkip"/>.</param>
/// <param name="Operation">Null: any. The journal's points know no operations.</param>
/// <param name="Entity">How the id of the payment begins; null: any. A batch fits when one of its entities does.</param>
internal sealed record FailpointArming(FailpointAction Action, int Skip, string? Operation, string? Entity)
{
    public bool Fits(string? operation, IEnumerable<string> entities) =>
        (Operation is null || Operation == operation) && (Entity is null || entities.Any(entity => entity.StartsWith(Entity, StringComparison.Ordinal)));
}
