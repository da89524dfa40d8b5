using OrleansPayments.Merchants;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Merchants;

// Where a merchant stands, and who must know of it.
internal sealed partial class MerchantGrain
{
    public async Task<Outcome<MerchantAnswer>> ChangeStatus(ChangeMerchantStatus command)
    {
        if (State is not { } state) return MerchantNotFound();
        if (Find(state, command.Identity) is { } known)
        {
            if (known.Fingerprint != command.Identity!.Fingerprint)
                return new Refusal(RefusalCode.IdempotencyMismatch, "This idempotency key was used for a merchant's status with another body.");
            await TellKeys();
            return new MerchantAnswer(known.Answer, Replayed: true);
        }

        if (RefusalOf(state, MerchantTransitions.To(command.Status)) is { } refusal) return refusal;
        if (state.Status != command.Status || command.Identity is not null) await Record(EventOf(command));

        // Also when nothing changed: the first request may have died between its record and this.
        await TellKeys();
        return new MerchantAnswer(State!.ToView(), Replayed: false);
    }

    public async Task<Outcome<MerchantView>> Update(UpdateMerchant command)
    {
        if (State is not { } state) return MerchantNotFound();
        if (RefusalOf(state, MerchantOperation.Update) is { } refusal) return refusal;

        var changed = new MerchantUpdated(
            command.Name == state.Name ? null : command.Name,
            command.Country == state.Country ? null : command.Country,
            command.DefaultCurrency == state.DefaultCurrency ? null : command.DefaultCurrency);
        if (changed != new MerchantUpdated(null, null, null)) await Record(changed);

        // It routes by its country. Also when nothing changed: the first request may have died between its record and this.
        await GrainFactory.Routing().Configure(Id, State!.Routing);
        return State!.ToView();
    }

    // Keys check requests from their own memory. One that is not in memory is brought there, which costs a read and closes every gap.
    private Task TellKeys() => Task.WhenAll(
        from key in State!.ApiKeys
        where key.RevokedAt is null
        select GrainFactory.ApiKey(key.Id).FollowMerchant(State.Status, Version));

    private static Refusal? RefusalOf(MerchantState state, MerchantOperation operation) => MerchantTransitions.Allows(state.Status, operation)
        ? null
        : new Refusal(RefusalCode.InvalidState, $"The merchant is {state.Status.ToString().ToLowerInvariant()}.");

    private static MerchantRequest? Find(MerchantState state, RequestIdentity? identity) =>
        identity is null ? null : state.Requests.FirstOrDefault(request => request.Key == identity.Key);

    private static MerchantStatusEvent EventOf(ChangeMerchantStatus command) => command.Status switch
    {
        MerchantStatus.Active => new MerchantActivated(command.Reason, command.Identity),
        MerchantStatus.Suspended => new MerchantSuspended(command.Reason, command.Identity),
        MerchantStatus.Closed => new MerchantClosed(command.Reason, command.Identity),
        _ => throw new InvalidOperationException($"Unknown status {command.Status}."),
    };

    private static MerchantState Stand(MerchantState state, MerchantStatusEvent happened, DateTimeOffset at)
    {
        var operation = happened switch
        {
            MerchantActivated => MerchantOperation.Activate,
            MerchantSuspended => MerchantOperation.Suspend,
            MerchantClosed => MerchantOperation.Close,
            _ => throw new InvalidDataException($"{happened.GetType().Name} leads to no status."),
        };
        var next = MerchantTransitions.Next(state.Status, operation);
        return next == state.Status ? state : state with { Status = next, StatusReason = happened.Reason, StatusChangedAt = at };
    }

    private static MerchantState Remember(MerchantState state, RequestIdentity request)
    {
        var requests = state.Requests.Length < MerchantState.MaxRequests ? state.Requests : state.Requests.RemoveAt(0);
        return state with { Requests = requests.Add(new MerchantRequest(request.Key, request.Fingerprint, state.ToView())) };
    }
}
