using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Idempotency;
using OrleansPayments.Merchants;
using OrleansPayments.Payments;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>Grains that keep their promises towards the API in memory, so that the pipeline is tested without an engine.</summary>
public sealed class FakeEngine
{
    private readonly ConcurrentDictionary<(Type Interface, string Key), object> _grains = new();

    public FakeEngine(TimeProvider time)
    {
        Time = time;
        Factory = DispatchProxy.Create<IGrainFactory, FactoryProxy>();
        ((FactoryProxy)(object)Factory).Engine = this;
    }

    public static KeyRing Keys { get; } = KeyRing.DerivedFrom(new MasterKey(new byte[MasterKey.Length]));

    public TimeProvider Time { get; }

    public IGrainFactory Factory { get; }

    /// <summary>Runs before each payment's creation: waits, throws, counts.</summary>
    public Func<CreatePayment, Task> BeforeCharge { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before each read of a payment or a merchant.</summary>
    public Func<Task> BeforeGet { get; set; } = () => Task.CompletedTask;

    public ConcurrentQueue<CreatePayment> Charges { get; } = [];

    /// <summary>Runs before each operation on a payment, and in each notice of one: waits, throws, counts.</summary>
    public Func<Task> BeforeOperation { get; set; } = () => Task.CompletedTask;

    /// <summary>The captures asked for, refused and repeated ones included.</summary>
    public ConcurrentQueue<CapturePayment> Captures { get; } = [];

    /// <summary>The cancellations asked for, refused and repeated ones included.</summary>
    public ConcurrentQueue<CancelPayment> Cancels { get; } = [];

    /// <summary>The confirmations asked for, refused and repeated ones included.</summary>
    public ConcurrentQueue<ConfirmPayment> Confirms { get; } = [];

    /// <summary>Whether payments that were only created have lost their card.</summary>
    public bool ForgetsCards { get; set; }

    /// <summary>The resolutions asked for, refused and repeated ones included.</summary>
    public ConcurrentQueue<ResolvePayment> Resolves { get; } = [];

    /// <summary>What payments were told that their provider said.</summary>
    public ConcurrentQueue<(string Payment, ChargeNotice Notice)> Notices { get; } = [];

    /// <summary>Runs while a payment's connector is asked: waits, throws, changes it.</summary>
    public Func<Task> BeforeSync { get; set; } = () => Task.CompletedTask;

    /// <summary>The routes asked for.</summary>
    public ConcurrentQueue<RoutingRequest> Routed { get; } = [];

    /// <summary>What every route asked for is answered with.</summary>
    public ImmutableArray<RoutingCandidate> Candidates { get; set; } =
        [new("card-a", Eligible: true, Reason: null, Rank: 1), new("card-b", Eligible: false, Reason: "currency_not_supported", Rank: null)];

    /// <summary>The payments whose connector was asked at a caller's wish.</summary>
    public ConcurrentQueue<string> Synced { get; } = [];

    public ConcurrentDictionary<string, CreateConnector> Connectors { get; } = [];

    public IEnumerable<PaymentView> Payments => All<FakePayment>().Select(payment => payment.View).OfType<PaymentView>();

    public T Grain<T>(string key) => (T)_grains.GetOrAdd((typeof(T), key), _ => Make(typeof(T), key));

    /// <summary>Makes a payment as its connector left it.</summary>
    public void Change(string id, Func<PaymentView, PaymentView> change)
    {
        var payment = (FakePayment)Grain<IPaymentGrain>(id);
        payment.View = change(payment.View!);
    }

    internal IEnumerable<T> All<T>() => _grains.Values.OfType<T>();

    private object Make(Type type, string key) => type.Name switch
    {
        nameof(IPaymentGrain) => new FakePayment(this, key),
        nameof(IMerchantGrain) => new FakeMerchant(this, key),
        nameof(IApiKeyGrain) => new FakeApiKey(this, key),
        nameof(IConnectorGrain) => new FakeConnector(this, key),
        nameof(IRoutingGrain) => new FakeRouting(this),
        nameof(IIdempotencyGrain) => new FakeIdempotency(key),
        nameof(IRoutingReplaysGrain) => new FakeReplays(this),
        nameof(IRoutingReplayGrain) => new FakeReplay(key),
        _ => throw new NotSupportedException(type.Name),
    };

    public class FactoryProxy : DispatchProxy
    {
        public FakeEngine? Engine { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod is not { Name: "GetGrain", IsGenericMethod: true } || args?[0] is not string key)
            {
                throw new NotSupportedException(targetMethod?.Name);
            }

            return Engine!._grains.GetOrAdd((targetMethod.GetGenericArguments()[0], key), at => Engine.Make(at.Interface, at.Key));
        }
    }
}

internal sealed class FakeMerchant(FakeEngine engine, string key) : IMerchantGrain
{
    private readonly List<ApiKeyView> _keys = [];
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
}

internal sealed class FakeApiKey(FakeEngine engine, string key) : IApiKeyGrain
{
    private string? _hash;

    public ApiKeyView? View { get; private set; }

    public string? Fingerprint { get; private set; }

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

    public Task<ApiKeyView?> Authenticate(string secretHash) => Task.FromResult(View is { RevokedAt: null } && _hash == secretHash ? View : null);
}

internal sealed class FakeConnector(FakeEngine engine, string key) : IConnectorGrain
{
    public ConnectorView? View { get; private set; }

    public Task<Outcome<CreateConnectorResult>> Create(CreateConnector command)
    {
        var existing = engine.Connectors.GetOrAdd(key, command);
        if (existing.CreationKey != command.CreationKey)
        {
            return Task.FromResult<Outcome<CreateConnectorResult>>(new Refusal(RefusalCode.ConnectorExists, "Exists.", "/name"));
        }

        var replayed = View is not null;
        View ??= new ConnectorView(ConnectorName.Parse(key), command.Provider, command.Settings, 1, engine.Time.GetUtcNow(), engine.Time.GetUtcNow());
        return Task.FromResult<Outcome<CreateConnectorResult>>(new CreateConnectorResult(View, replayed));
    }

    /// <summary>What it answers when asked how it fares.</summary>
    public ConnectorHealthView? Health { get; set; }

    public Task<ConnectorView?> Get() => Task.FromResult(View);

    public Task<PermitAnswer> RequestChargePermit() => throw new NotSupportedException();

    public Task Report(ChargeReport report) => throw new NotSupportedException();

    public Task<ConnectorHealthView?> GetHealth() => Task.FromResult(Health);

    // Sealed as the real grain seals them.
    public Task<ConnectorPermit?> RequestPermit(PermitPurpose purpose)
    {
        if (View is null) return Task.FromResult<ConnectorPermit?>(null);
        var clear = JsonSerializer.SerializeToUtf8Bytes(engine.Connectors[key].Credentials.Values);
        var credentials = new AesGcmSecretSealer(FakeEngine.Keys).Seal(clear, "connector/" + key);
        return Task.FromResult<ConnectorPermit?>(new ConnectorPermit(View.Name, View.Provider, View.Settings, credentials));
    }
}

internal sealed class FakeRouting(FakeEngine engine) : IRoutingGrain
{
    public Task<ConnectorList> ListConnectors() =>
        Task.FromResult(new ConnectorList([.. engine.All<FakeConnector>().Select(connector => connector.View).OfType<ConnectorView>()]));

    public Task<Outcome<ConnectorName>> Register(ConnectorName connector) => throw new NotSupportedException();

    public Task Refresh(ConnectorView connector) => throw new NotSupportedException();

    public Task ReportHealth(ConnectorHealthView health) => throw new NotSupportedException();

    public Task Configure(MerchantId merchant, MerchantRouting routing) => throw new NotSupportedException();

    public Task<RoutingDecision> Choose(RoutingRequest request)
    {
        engine.Routed.Enqueue(request);
        return Task.FromResult(new RoutingDecision("dec_1", "priority", engine.Candidates));
    }
}

internal sealed class FakeIdempotency(string key) : IIdempotencyGrain
{
    private string? _fingerprint;

    public Task<Outcome<IdempotencyClaim>> Claim(string requestFingerprint)
    {
        _fingerprint ??= requestFingerprint;
        return Task.FromResult<Outcome<IdempotencyClaim>>(_fingerprint == requestFingerprint
            ? new IdempotencyClaim(key)
            : new Refusal(RefusalCode.IdempotencyMismatch, "Used with another body."));
    }
}
