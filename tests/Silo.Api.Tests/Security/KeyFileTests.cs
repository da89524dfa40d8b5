using System.Runtime.Versioning;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Tests.Security;

/// <summary>The files that hold the installation's secrets.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KeyFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("payments-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_administrator_key_is_made_once_shown_once_and_kept_for_its_owner()
    {
        var path = Path.Combine(_folder, "data", "admin.key");
        var first = AdminKey.LoadOrCreate(null, path);
        Assert.Matches("^ak_[A-Za-z0-9_-]{43}$", first.ShownOnce);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "data")));

        var second = AdminKey.LoadOrCreate("", path);
        Assert.Null(second.ShownOnce);
        Assert.True(second.Matches(first.ShownOnce!));
    }

    [Fact]
    public void A_configured_administrator_key_makes_no_file()
    {
        var path = Path.Combine(_folder, "admin.key");
        Assert.True(AdminKey.LoadOrCreate(" ak_configured ", path).Matches("ak_configured"));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_master_key_is_made_once_and_kept_for_its_owner()
    {
        var path = Path.Combine(_folder, "master.key");
        var first = new MasterKeys(null, "", path).Read(mayCreate: true)!.Current;
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.Equal(first.Derive("x"), new MasterKeys(" ", null, path).Read()!.Current.Derive("x"));
        var configured = Convert.ToBase64String(new byte[MasterKey.Length]);
        Assert.NotEqual(first.Derive("x"), new MasterKeys(configured, null, path).Read()!.Current.Derive("x"));
    }

    [Theory]
    [InlineData(OwnerOnly | UnixFileMode.GroupRead)]
    [InlineData(OwnerOnly | UnixFileMode.OtherRead)]
    [InlineData(OwnerOnly | UnixFileMode.OtherWrite)]
    public void A_key_file_that_others_can_use_is_refused(UnixFileMode mode)
    {
        var path = Path.Combine(_folder, "master.key");
        new MasterKeyFile(path).ReadOrCreate();
        File.SetUnixFileMode(path, mode);
        var refused = Assert.Throws<SecurityFileException>(() => new MasterKeyFile(path).ReadOrCreate());
        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("not a key")]
    public void A_spoilt_key_file_is_refused_and_not_replaced(string content)
    {
        var path = Path.Combine(_folder, "master.key");
        new MasterKeyFile(path).ReadOrCreate();
        File.WriteAllText(path, content);
        Assert.Throws<SecurityFileException>(() => new MasterKeyFile(path).ReadOrCreate());
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Fact]
    public void A_key_file_with_two_keys_has_the_newer_one_first()
    {
        var path = Path.Combine(_folder, "master.key");
        var file = new MasterKeyFile(path);
        var old = file.ReadOrCreate().Single();
        var fresh = MasterKey.Generate();
        file.Write(fresh, old);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.Single(Directory.GetFiles(_folder));
        var set = new MasterKeys(null, null, path).Read()!;
        Assert.Equal((fresh.Id, old.Id), (set.Current.Id, set.Previous.Single().Id));
        Assert.Equal(old.Derive("x"), set.Find(old.Id)!.Derive("x"));

        file.Write(fresh);
        Assert.Equal(fresh.Id, file.Read().Single().Id);
        Assert.DoesNotContain(old.ToBase64(), File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_with_more_than_two_keys_is_refused()
    {
        var path = Path.Combine(_folder, "master.key");
        new MasterKeyFile(path).ReadOrCreate();
        File.WriteAllLines(path, Enumerable.Range(0, 3).Select(_ => MasterKey.Generate().ToBase64()));
        Assert.Throws<SecurityFileException>(() => new MasterKeyFile(path).Read());
    }

    [Fact]
    public void Keys_tell_themselves_apart_without_telling_themselves()
    {
        var key = MasterKey.Generate();
        Assert.Matches("^[0-9a-f]{16}$", key.Id);
        Assert.NotEqual(key.Id, MasterKey.Generate().Id);
        foreach (var text in new[] { key.ToString(), new MasterKeySet(key).ToString(), new KeyRing().ToString(), new MasterKeys(key.ToBase64(), null, "").ToString() })
        {
            Assert.DoesNotContain(key.ToBase64(), text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Starts_at_the_same_time_agree_on_one_key()
    {
        // A step between "is there a file" and "here it is" shows only now and then, so it is tried often, and all begin together.
        for (var round = 0; round < 50; round++)
        {
            var folder = Path.Combine(_folder, $"{round}");
            var path = Path.Combine(folder, "admin.key");
            var keys = new AdminKey[8];
            using var start = new Barrier(keys.Length);
            var threads = Enumerable.Range(0, keys.Length).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                keys[i] = AdminKey.LoadOrCreate(null, path);
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            var shown = Assert.Single(keys, key => key.ShownOnce is not null).ShownOnce!;
            Assert.All(keys, key => Assert.True(key.Matches(shown)));
            Assert.Single(Directory.GetFiles(folder));
        }
    }
}
