using OrleansPayments.Merchants;
using OrleansPayments.Routing;

namespace OrleansPayments.Silo.Api.Tests.Support;

internal sealed class FakeMerchant(FakeEngine engine, string key) : IMerchantGrain
{
    private readonly List<ApiKeyView> _keys = [];
    private readonly Dictionary<string, (string Fingerprint, MerchantView Answer)> _answers = [];
    private MerchantView? _view;
    private MerchantRouting _routing = MerchantRouting.Default;
    private string? _fingerprint;

    public Task<Outcome<CreateMerchantResult>> Create(CreateMerchant command)
    {
        var replayed = _view is not null;
        if (replayed && _fingerprint != command.RequestFingerprint)
        {
            return Task.FromResult<Outcome<CreateMerchantResult>>(new Refusal(RefusalCode.IdempotencyMismatch, "Used with another body."));
        }

        _fingerprint = command.RequestFingerprint;
        _view ??= new MerchantView(
            MerchantId.Parse(key), command.Name, command.Country, command.DefaultCurrency, MerchantStatus.Active, 1, engine.Time.GetUtcNow());
        return Task.FromResult<Outcome<CreateMerchantResult>>(new CreateMerchantResult(_view, replayed));
    }

    public async Task<MerchantView?> Get()
    {
        await engine.BeforeGet();
        return _view;
    }

    public Task<Outcome<IssueApiKeyResult>> IssueApiKey(IssueApiKey command)
    {
        if (_view is null) return Task.FromResult<Outcome<IssueApiKeyResult>>(new Refusal(RefusalCode.NotFound, "No such merchant."));
        var grain = (FakeApiKey)engine.Grain<IApiKeyGrain>(command.KeyId.Value);
        var replayed = grain.View is not null;
        if (replayed && grain.Fingerprint != command.RequestFingerprint)
        {
            return Task.FromResult<Outcome<IssueApiKeyResult>>(new Refusal(RefusalCode.IdempotencyMismatch, "Used with another body."));
        }

        var view = grain.IssueTo(_view.Id, command);
        if (!replayed) _keys.Add(view);
        return Task.FromResult<Outcome<IssueApiKeyResult>>(new IssueApiKeyResult(view, replayed));
    }

    public async Task<Outcome<ApiKeyView>> RevokeApiKey(ApiKeyId id)
    {
        var index = _keys.FindIndex(listed => listed.Id == id);
        if (index < 0) return new Refusal(RefusalCode.NotFound, "This merchant has no such API key.");
        var revoked = await engine.Grain<IApiKeyGrain>(id.Value).Revoke();
        _keys[index] = revoked.Value;
        return revoked;
    }

    public Task<ApiKeyList?> ListApiKeys() => Task.FromResult(_view is null ? null : new ApiKeyList([.. _keys]));

    public Task<Outcome<MerchantRouting>> ConfigureRouting(RoutingConfiguration configuration)
    {
        if (_view is null) return Task.FromResult<Outcome<MerchantRouting>>(new Refusal(RefusalCode.NotFound, "No such merchant."));
        _routing = new MerchantRouting(configuration, _routing.Version + 1, engine.Time.GetUtcNow());
        return Task.FromResult<Outcome<MerchantRouting>>(_routing);
    }

    public Task<MerchantRouting?> GetRouting() => Task.FromResult(_view is null ? null : _routing);

    /// <summary>What it answers when asked how its payments fare.</summary>
    public MerchantHealthView? Health { get; set; }

    /// <summary>The changes of status asked for, refused and repeated ones included.</summary>
    public List<ChangeMerchantStatus> Changes { get; } = [];

    public Task<Outcome<MerchantAnswer>> ChangeStatus(ChangeMerchantStatus command)
    {
        Changes.Add(command);
        if (_view is null) return Task.FromResult<Outcome<MerchantAnswer>>(new Refusal(RefusalCode.NotFound, "No such merchant."));
        if (command.Identity is { } identity && _answers.TryGetValue(identity.Key, out var known))
        {
            return Task.FromResult<Outcome<MerchantAnswer>>(known.Fingerprint == identity.Fingerprint
                ? new MerchantAnswer(known.Answer, Replayed: true)
                : new Refusal(RefusalCode.IdempotencyMismatch, "Used with another body."));
        }

        if (_view.Status == MerchantStatus.Closed && command.Status != MerchantStatus.Closed)
            return Task.FromResult<Outcome<MerchantAnswer>>(new Refusal(RefusalCode.InvalidState, "The merchant is closed."));
        if (_view.Status != command.Status)
        {
            _view = _view with
            {
                Status = command.Status,
                StatusReason = command.Reason,
                StatusChangedAt = engine.Time.GetUtcNow(),
                Version = _view.Version + 1,
            };
        }

        if (command.Identity is { } now) _answers[now.Key] = (now.Fingerprint, _view);
        foreach (var key in _keys) ((FakeApiKey)engine.Grain<IApiKeyGrain>(key.Id.Value)).Status = _view.Status;
        return Task.FromResult<Outcome<MerchantAnswer>>(new MerchantAnswer(_view, Replayed: false));
    }

    public Task<Outcome<MerchantView>> Update(UpdateMerchant command)
    {
        if (_view is null) return Task.FromResult<Outcome<MerchantView>>(new Refusal(RefusalCode.NotFound, "No such merchant."));
        _view = _view with
        {
            Name = command.Name ?? _view.Name,
            Country = command.Country ?? _view.Country,
            DefaultCurrency = command.DefaultCurrency ?? _view.DefaultCurrency,
            Version = _view.Version + 1,
        };
        return Task.FromResult<Outcome<MerchantView>>(_view);
    }

    public Task ReportPayment(PaymentReport report) => throw new NotSupportedException();

    public Task<MerchantHealthView?> GetHealth() => Task.FromResult(_view is null ? null : Health);
}

internal sealed class FakeApiKey(FakeEngine engine, string key) : IApiKeyGrain
{
    private string? _hash;

    public ApiKeyView? View { get; private set; }

    public string? Fingerprint { get; private set; }

    /// <summary>Where its merchant stands.</summary>
    public MerchantStatus Status { get; set; }

    public ApiKeyView IssueTo(MerchantId merchantId, IssueApiKey command)
    {
        _hash = command.SecretHash;
        Fingerprint = command.RequestFingerprint;
        return View ??= new ApiKeyView(ApiKeyId.Parse(key), merchantId, command.Name, command.Permissions, engine.Time.GetUtcNow(), null);
    }

    public Task<Outcome<ApiKeyView>> Issue(MerchantId merchantId, IssueApiKey command) => throw new NotSupportedException();

    public Task<Outcome<ApiKeyView>> Revoke()
    {
        View = View! with { RevokedAt = engine.Time.GetUtcNow() };
        return Task.FromResult<Outcome<ApiKeyView>>(View);
    }

    public Task<ApiKeyView?> Authenticate(string secretHash) =>
        Task.FromResult(View is { RevokedAt: null } && _hash == secretHash ? View with { MerchantStatus = Status } : null);

    public Task FollowMerchant(MerchantStatus status, int version) => throw new NotSupportedException();
}
