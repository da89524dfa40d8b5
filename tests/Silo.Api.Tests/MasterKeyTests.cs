using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Idempotency;
using OrleansPayments.Silo.Api.KeyRotation;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary><c>POST /master_key/rotate</c> in front of a rotation that does as it is told.</summary>
public sealed class MasterKeyTests : IAsyncLifetime
{
    private const string Rotate = "/api/v1/master_key/rotate";

    private static readonly CompletedRotation Done = new("0123456789abcdef", new DateTimeOffset(2026, 5, 17, 12, 0, 1, TimeSpan.Zero), 1234);

    private readonly FakeRotation _rotation = new();
    private readonly ApiHost _host;

    public MasterKeyTests() => _host = new ApiHost(builder => builder.Services.AddSingleton<IMasterKeyRotation>(_rotation));

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    public async Task A_rotation_is_answered_with_the_new_keys_id_its_time_and_its_extent(string? body)
    {
        var answer = await _host.SendAsync(HttpMethod.Post, Rotate, body);
        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"id":"0123456789abcdef","object":"master_key","rotated_at":"2026-05-17T12:00:01.000000Z","rewrapped_keys":1234}""", answer.Body);
        Assert.False(answer.IsReplayed);
        Assert.Null(Assert.Single(_rotation.Asked));
    }

    [Fact]
    public async Task An_idempotency_key_is_handed_on_as_a_hash_and_a_repetition_says_so()
    {
        _rotation.Result = new RotationResult(RotationStatus.Replayed, Done);
        var answer = await _host.PostAsync(Rotate, "{}", idempotencyKey: "rotation 7");
        Assert.Equal((200, true), (answer.Status, answer.IsReplayed));
        Assert.Equal(IdempotencyKeyHash.Of("administrator", "master_key.rotate", "rotation 7"), Assert.Single(_rotation.Asked));
    }

    [Theory]
    [InlineData(RotationStatus.InProgress, "rotation_in_progress", "not finished")]
    [InlineData(RotationStatus.RepetitionInProgress, "idempotency_in_progress", "same key")]
    [InlineData(RotationStatus.Configured, "master_key_configured", "Encryption__PreviousMasterKey")]
    public async Task What_cannot_be_done_now_is_409(RotationStatus status, string code, string says)
    {
        _rotation.Result = new RotationResult(status);
        var answer = await _host.PostAsync(Rotate, "{}", idempotencyKey: "k");
        Assert.Equal((409, code), (answer.Status, answer.Code));
        Assert.Contains(says, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_is_503()
    {
        _rotation.Failure = new JournalUnavailableException("away");
        var answer = await _host.PostAsync(Rotate, "{}");
        Assert.Equal((503, "temporarily_unavailable"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task It_is_for_administrators()
    {
        var (_, key) = await _host.NewMerchantAsync("*");
        Assert.Equal((403, "forbidden"), await AsAsync(key));
        Assert.Equal((401, "unauthorized"), await AsAsync("ak_wrong"));
        Assert.Empty(_rotation.Asked);

        async Task<(int, string)> AsAsync(string caller)
        {
            var answer = await _host.PostAsync(Rotate, "{}", caller);
            return (answer.Status, answer.Code);
        }
    }

    [Theory]
    [InlineData("""{"key":"AAAA"}""", "", 400, "unknown_field", "/key")]
    [InlineData("[]", "", 400, "invalid_type", null)]
    [InlineData("{", "", 400, "invalid_json", null)]
    [InlineData("{}", "?force=true", 400, "unknown_field", "/force")]
    public async Task What_is_not_understood_is_refused_and_nothing_is_done(string body, string query, int status, string code, string? param)
    {
        var answer = await _host.PostAsync(Rotate + query, body);
        Assert.Equal((status, code, param), (answer.Status, answer.Code, answer.Param));
        Assert.Empty(_rotation.Asked);
    }

    private sealed class FakeRotation : IMasterKeyRotation
    {
        public RotationResult Result { get; set; } = new(RotationStatus.Completed, Done);

        public Exception? Failure { get; set; }

        public List<string?> Asked { get; } = [];

        public Task<RotationResult> RotateAsync(string? idempotencyKey, CancellationToken stopping)
        {
            Asked.Add(idempotencyKey);
            return Failure is null ? Task.FromResult(Result) : Task.FromException<RotationResult>(Failure);
        }
    }
}
