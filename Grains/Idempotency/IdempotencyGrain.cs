using System.Text.Json.Serialization;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Idempotency;

namespace OrleansPayments.Grains.Idempotency;

[GrainType("idempotency")]
internal sealed class IdempotencyGrain(IJournal journal)
    : JournaledGrain<IdempotencyState, IdempotencyEvent>(journal, IdempotencyJson.Default.IdempotencyEventArray), IIdempotencyGrain
{
    public async Task<Outcome<IdempotencyClaim>> Claim(string requestFingerprint)
    {
        if (State is null) await Record(new KeyClaimed(requestFingerprint));
        return State!.RequestFingerprint == requestFingerprint
            ? new IdempotencyClaim(this.GetPrimaryKeyString())
            : new Refusal(RefusalCode.IdempotencyMismatch, "This idempotency key was used with another body.");
    }

    protected override IdempotencyState Apply(IdempotencyState? state, IdempotencyEvent happened, int version, DateTimeOffset at) => happened switch
    {
        KeyClaimed e => new IdempotencyState(e.RequestFingerprint),
        _ => throw new InvalidDataException($"An idempotency key does not know {happened.GetType().Name}."),
    };
}

/// <summary>What can happen to an idempotency key. The stored form, pinned by a test.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(KeyClaimed), "idempotency_key.claimed")]
internal abstract record IdempotencyEvent;

internal sealed record KeyClaimed(string RequestFingerprint) : IdempotencyEvent;

internal sealed record IdempotencyState(string RequestFingerprint);

/// <summary>The stored form of idempotency keys.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IdempotencyEvent[]))]
internal sealed partial class IdempotencyJson : JsonSerializerContext;
