using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Tests.Security;

/// <summary>Keys, sealing and fingerprints.</summary>
public sealed class SecurityTests
{
    private static readonly MasterKey ZeroKey = new(new byte[MasterKey.Length]);

    private static readonly MasterKey OneKey = new(Enumerable.Repeat((byte)1, MasterKey.Length).ToArray());

    private static readonly KeyRing Zero = KeyRing.DerivedFrom(ZeroKey);

    private static readonly KeyRing One = KeyRing.DerivedFrom(OneKey);

    [Fact]
    public void A_sealed_secret_opens_to_the_same_bytes()
    {
        var sealer = new AesGcmSecretSealer(Zero);
        foreach (var length in (int[])[0, 1, 16, 1000])
        {
            var secret = RandomNumberGenerator.GetBytes(length);
            Assert.Equal(secret, sealer.Open(sealer.Seal(secret, "connector/a"), "connector/a"));
        }
    }

    [Fact]
    public void Every_changed_bit_is_noticed()
    {
        var sealer = new AesGcmSecretSealer(Zero);
        var good = sealer.Seal("secret"u8, "c");
        for (var i = 0; i < good.Length; i++)
        {
            var bad = good.SetItem(i, (byte)(good[i] ^ 1));
            Assert.ThrowsAny<CryptographicException>(() => sealer.Open(bad, "c"));
        }
    }

    [Fact]
    public void A_sealed_secret_belongs_to_its_context_and_its_key()
    {
        var secret = new AesGcmSecretSealer(Zero).Seal("secret"u8, "connector/a");
        Assert.ThrowsAny<CryptographicException>(() => new AesGcmSecretSealer(Zero).Open(secret, "connector/b"));
        Assert.ThrowsAny<CryptographicException>(() => new AesGcmSecretSealer(One).Open(secret, "connector/a"));
        Assert.ThrowsAny<CryptographicException>(() => new AesGcmSecretSealer(Zero).Open(secret[..20], "connector/a"));
        Assert.ThrowsAny<CryptographicException>(() => new AesGcmSecretSealer(Zero).Open(default, "connector/a"));
    }

    [Fact]
    public void The_same_secret_never_seals_to_the_same_bytes()
    {
        var sealer = new AesGcmSecretSealer(Zero);
        Assert.NotEqual(sealer.Seal("s"u8, "c").AsEnumerable(), sealer.Seal("s"u8, "c").AsEnumerable());
    }

    [Fact]
    public void The_stored_form_is_the_documented_one()
    {
        // Computed by another implementation of HKDF and AES-GCM from the documented form; if this fails, stored credentials can no longer be read.
        const string Stored = "AYNzNRbrREwTAAECAwQFBgcICQoLZCnOm7JuEv/EQ9OCb+hyKGmw8rzsT4uDdQ==";
        var opened = new AesGcmSecretSealer(Zero).Open(ImmutableArray.Create(Convert.FromBase64String(Stored)), "connector/card-a");
        Assert.Equal("sk_test_a", Encoding.UTF8.GetString(opened));
    }

    [Fact]
    public void Keys_for_different_purposes_differ()
    {
        Assert.Equal(ZeroKey.Derive("a"), ZeroKey.Derive("a"));
        Assert.NotEqual(ZeroKey.Derive("a"), ZeroKey.Derive("b"));
        Assert.NotEqual(ZeroKey.Derive("a"), OneKey.Derive("a"));
        Assert.Equal(KeyPurpose.All.Length, KeyPurpose.All.Select(purpose => Convert.ToHexString(Zero.KeyOf(purpose))).Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("not base 64 not base 64 not base 64 not base")]
    public void A_malformed_master_key_is_refused_without_being_shown(string text)
    {
        var refused = Assert.Throws<SecurityFileException>(() => MasterKey.FromBase64(text));
        if (text.Length > 0) Assert.DoesNotContain(text, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_API_key_is_the_same_each_time_and_tells_its_id()
    {
        var id = ApiKeyId.FromIdempotencyKey("administrator", "api_keys.create", "k");
        var text = new ApiKeySecret(Zero).TextOf(id);
        Assert.Equal(text, new ApiKeySecret(Zero).TextOf(id));
        Assert.NotEqual(text, new ApiKeySecret(One).TextOf(id));
        Assert.True(ApiKeySecret.TryParseId(text, out var parsed));
        Assert.Equal(id, parsed);
        Assert.Equal(64, ApiKeySecret.HashOf(text).Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sk_")]
    [InlineData("ak_000000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sk_z00000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sk_0000000000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_API_key_names_no_id(string? text) => Assert.False(ApiKeySecret.TryParseId(text, out _));

    [Fact]
    public void An_administrator_key_matches_itself_only()
    {
        var key = AdminKey.FromText("ak_0123456789");
        Assert.True(key.Matches("ak_0123456789"));
        Assert.False(key.Matches("ak_012345678"));
        Assert.False(key.Matches("ak_0123456788"));
        Assert.Null(key.ShownOnce);
        Assert.DoesNotContain("0123", key.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ak_")]
    [InlineData("sk_0123456789")]
    [InlineData("ak_with space")]
    [InlineData("ak_ü")]
    public void A_malformed_administrator_key_is_refused(string text) => Assert.Throws<SecurityFileException>(() => AdminKey.FromText(text));

    [Fact]
    public void Fingerprints_differ_by_key_operation_and_body()
    {
        var fingerprints = new RequestFingerprint(Zero);
        var one = fingerprints.Of("a", writer => writer.WriteNumberValue(1));
        Assert.Equal(one, fingerprints.Of("a", writer => writer.WriteNumberValue(1)));
        Assert.NotEqual(one, fingerprints.Of("a", writer => writer.WriteNumberValue(2)));
        Assert.NotEqual(one, fingerprints.Of("b", writer => writer.WriteNumberValue(1)));
        Assert.NotEqual(one, new RequestFingerprint(One).Of("a", writer => writer.WriteNumberValue(1)));
    }

    [Fact]
    public void Stored_hashes_are_the_documented_ones()
    {
        // Computed by another implementation of HKDF and HMAC; if this fails, stored fingerprints and keys are not recognised any more.
        Assert.Equal(
            "6358012182311132bb7151694722c2e569f27d89e166e92bb6414a7ae3272a67", new RequestFingerprint(Zero).Of("a", writer => writer.WriteNumberValue(1)));
        Assert.Equal(
            "sk_00000000000000000000000000h905LNXbO1AEYwyaLCK9ukYUdyUXcBOsOf_FI9iOzzg",
            new ApiKeySecret(Zero).TextOf(ApiKeyId.Parse("key_00000000000000000000000000")));
        Assert.Equal("2fc1ebc97332860eb438e8f6e2b0a13b", new CardFingerprint(Zero).Of("4242424242424242"));
    }

    [Fact]
    public void A_card_number_has_one_fingerprint_in_one_installation()
    {
        var fingerprints = new CardFingerprint(Zero);
        Assert.Matches("^[0-9a-f]{32}$", fingerprints.Of("5555555555554444"));
        Assert.Equal(fingerprints.Of("5555555555554444"), new CardFingerprint(Zero).Of("5555555555554444"));
        Assert.NotEqual(fingerprints.Of("5555555555554444"), fingerprints.Of("5555555555554445"));
        Assert.NotEqual(fingerprints.Of("5555555555554444"), new CardFingerprint(One).Of("5555555555554444"));
    }

    [Fact]
    public void A_key_that_is_asked_for_too_early_is_no_key() =>
        Assert.Throws<InvalidOperationException>(() => new RequestFingerprint(new KeyRing()));
}
